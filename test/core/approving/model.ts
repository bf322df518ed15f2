import fc from "fast-check";
import type { Cancellation, Holder } from "../../../src/core/cancelling/cancellation.js";
import { isOpen } from "../../../src/core/cancelling/cancellation.js";
import type { Effect, Event } from "../../../src/core/cancelling/events.js";
import type { Actor } from "../../../src/core/person.js";
import { grant, job, limits, MINUTE, START } from "../cancelling/story.js";
import type { Engine } from "./engine.js";
import { settings } from "./story.js";

/**
 * What should be so, kept beside the record in other words: sets of people, and whole rules written once more.
 * People are named as in the stories; an activity may write their object id in capitals.
 */
interface Model {
	readonly twoPerson: boolean;
	readonly required: number;
	readonly deadline: number;
	now: number;
	readonly roles: Set<string>;
	/** Whom the directory says nothing about at present. */
	readonly unreadable: Set<string>;
	/** Who asks now, the oldest first. */
	asking: string[];
	readonly everAsked: Set<string>;
	/** Who has said yes, while it counts. */
	readonly yes: Set<string>;
	readonly everDecided: Set<string>;
	/** Whether the present requester was entitled when they asked, and has not been seen without the role since. */
	entitled: boolean;
	edition: number;
	/** Who used the emergency way, once anybody has. */
	readonly emergency: Set<string>;
	acknowledged: boolean;
	alone: string | undefined;
	state: "waiting" | "under-way" | "ended";
	/** What a process read before it asks Graph; another one may go on meanwhile. */
	reading: { readonly held: Set<string>; readonly after: number } | undefined;
}

/** The thing itself: the record, and what its effects and its attempts have led to. */
interface Real {
	readonly engine: Engine;
	record: Cancellation;
	readonly submits: number[];
	posts: number;
	accepted: number;
	ends: number;
}

type Step = fc.Command<Model, Real>;

export const PEOPLE = ["ann", "ben", "cat", "dan", "eve"] as const;
const actor = (name: string, loud = false): Actor => ({
	tenantId: "t",
	userId: loud ? name.toUpperCase() : name,
	name,
	channelUserId: `29:${name}`,
});
const named = ({ userId }: Actor) => userId.toLowerCase();

/** A POST of unknown fate is given this long before another, in milliseconds. */
const SETTLING_MS = 5_000;

class Broken extends Error {}
function must(holds: boolean, what: string): void {
	if (!holds) throw new Broken(what);
}

/** Applies an event; what then must be so of any record is checked here. */
function happen(model: Model, real: Real, event: Event): boolean {
	const before = real.record;
	const result = real.engine.move(before, event, new Date(model.now), limits);
	if (result.kind === "conflict") return false;
	const { record, effects } = result;
	real.record = record;
	for (const effect of effects) note(real, effect);
	const ended = effects.filter((effect) => effect.kind === "post" && effect.message === "follow-up");
	if (isOpen(before)) {
		if (!isOpen(record)) real.ends++;
		must(isOpen(record) === (ended.length === 0), "the end is announced, and nothing else is");
	} else must(record.state === before.state && ended.length === 0, "an end is for good");
	must(
		!(before.state === "submitting" && record.state === "awaiting-approval") || real.accepted === 0,
		"no way back",
	);
	return true;
}

function note(real: Real, effect: Effect): void {
	if (effect.kind !== "submit") return;
	must(!real.submits.includes(effect.seq), "each submit is planned once");
	real.submits.push(effect.seq);
}

/** How many others it takes now. */
function needed(model: Model, holds: (name: string) => boolean): number {
	const first = model.twoPerson && model.entitled && holds(model.asking[0] ?? "");
	return model.twoPerson && !first ? Math.max(2, model.required) : model.required;
}

const counted = (model: Model) => [...model.yes].filter((name) => !model.everAsked.has(name));
const isLate = (model: Model) => model.now >= model.deadline;

/** Past the deadline whatever happens to a waiting request ends it. */
function expires(model: Model, real: Real): boolean {
	if (model.state !== "waiting" || !isLate(model)) return false;
	must(real.record.state === "expired", "nothing but the end comes after the deadline");
	model.state = "ended";
	return true;
}

function agree(model: Model, real: Real): void {
	const { state } = real.record;
	must((state === "awaiting-approval") === (model.state === "waiting"), `it waits: ${model.state}, ${state}`);
	must(isOpen(real.record) === (model.state !== "ended"), `it is open: ${model.state}, ${state}`);
	if (model.state === "waiting") {
		must(
			counted(model).length < needed(model, () => true),
			"enough people said yes, and nothing is under way",
		);
		must(named(real.record.requester) === model.asking[0], "the oldest asker is the requester");
	}
	must(real.ends <= 1, "one end");
}

const stateOf = ({ record }: Real): Cancellation["state"] => record.state;

/** Steps are data, so that a failing story can be read. */
function step(name: string, run: (model: Model, real: Real) => void): Step {
	return {
		check: () => true,
		run(model, real) {
			run(model, real);
			agree(model, real);
		},
		toString: () => name,
	};
}

function ask(name: string, loud: boolean): Step {
	return step(`ask ${name}`, (model, real) => {
		const asker = {
			actor: actor(name, loud),
			conversationKey: `chat ${name}`,
			at: new Date(model.now).toISOString(),
		};
		const done = happen(model, real, { kind: "joined", asker });
		if (expires(model, real) || model.state === "ended") return;
		must(done === !model.everDecided.has(name), "who has decided does not join");
		if (!done) return;
		model.everAsked.add(name);
		if (!model.asking.includes(name)) model.asking.push(name);
	});
}

function decide(name: string, verdict: "approve" | "reject", loud: boolean, old: boolean): Step {
	return step(`${verdict} ${name}${old ? " on an old card" : ""}`, (model, real) => {
		// The role is read when the button is pressed: without it there is no event.
		if (!model.roles.has(name)) return;
		const edition = old ? model.edition - 1 : model.edition;
		const done = happen(model, real, { kind: "decided", actor: actor(name, loud), verdict, grant, edition });
		if (expires(model, real)) return;
		const counts =
			model.state === "waiting" &&
			!old &&
			!model.everAsked.has(name) &&
			!(verdict === "approve" && model.yes.has(name));
		must(done === counts, `${verdict} of ${name} counts: ${counts}, and was taken: ${done}`);
		if (!counts) return;
		model.everDecided.add(name);
		if (verdict === "reject") {
			must(real.record.state === "rejected", "one no ends it");
			model.state = "ended";
			return;
		}
		model.yes.add(name);
		if (counted(model).length >= needed(model, () => true)) model.state = "under-way";
	});
}

function withdraw(name: string, loud: boolean): Step {
	return step(`withdraw ${name}`, (model, real) => {
		const done = happen(model, real, { kind: "withdrawal", actor: actor(name, loud) });
		if (expires(model, real)) return;
		must(done === (model.state === "waiting" && model.asking[0] === name), "only the requester withdraws");
		if (!done) return;
		model.asking.shift();
		model.entitled = false;
		model.edition++;
		if (model.asking.length === 0) {
			must(real.record.state === "withdrawn", "nobody asks any more");
			model.state = "ended";
		}
	});
}

function goAhead(name: string, emergency: boolean, reason: boolean): Step {
	return step(`${emergency ? "emergency" : "alone"} ${name}`, (model, real) => {
		if (!model.roles.has(name)) return;
		const said = reason ? { reason: "because" } : {};
		const asker = {
			actor: actor(name),
			conversationKey: `chat ${name}`,
			at: new Date(model.now).toISOString(),
			...said,
		};
		const done = happen(model, real, { kind: "went-ahead", asker, grant, emergency });
		if (expires(model, real)) return;
		const may = model.state === "waiting" && (emergency ? reason : !model.twoPerson);
		must(done === may, `${name} goes ahead: ${may}`);
		if (!done) return;
		model.everAsked.add(name);
		if (!model.asking.includes(name)) model.asking.push(name);
		model.alone = name;
		if (emergency) {
			model.emergency.add(name);
			model.acknowledged = false;
		}
		model.state = "under-way";
	});
}

function acknowledge(name: string, loud: boolean): Step {
	return step(`acknowledge ${name}`, (model, real) => {
		if (!model.roles.has(name)) return;
		const done = happen(model, real, { kind: "review-acknowledged", actor: actor(name, loud), grant });
		const may = model.emergency.size > 0 && !model.emergency.has(name) && !model.acknowledged;
		must(done === may, `${name} closes the review: ${may}`);
		if (done) model.acknowledged = true;
	});
}

const changeRole = (name: string): Step =>
	step(`role of ${name} lost or gained`, (model) => {
		if (!model.roles.delete(name)) model.roles.add(name);
	});

const hide = (name: string): Step =>
	step(`directory says nothing about ${name}, or speaks again`, (model) => {
		if (!model.unreadable.delete(name)) model.unreadable.add(name);
	});

const pass = (minutes: number): Step =>
	step(`${minutes} min pass`, (model) => {
		model.now += minutes * MINUTE;
	});

const tick = step("the timer fires", (model, real) => {
	const done = happen(model, real, { kind: "deadline" });
	if (!expires(model, real)) must(!done, "a timer decides nothing");
});

function see(status: string): Step {
	return step(`job ${status}`, (model, real) => {
		happen(model, real, { kind: "job-seen", job: job(status) });
		if (expires(model, real) || model.state === "ended") return;
		const over = status !== "running";
		if (!over && !(model.state === "under-way" && isLate(model))) return;
		if (over) must(!isOpen(real.record), "a job that is over ends it");
		if (over && real.posts === 0) must(real.record.state === "too-late", "it ended by itself");
		if (!isOpen(real.record)) model.state = "ended";
	});
}

/** What the submit does first: it reads the role of everybody who stands behind it. */
const read = step("roles are read", (model, real) => {
	if (stateOf(real) !== "submitting") return;
	const due = real.record.submitSeq;
	happen(model, real, { kind: "job-seen", job: job("running") });
	if (!isOpen(real.record)) model.state = "ended";
	// It was put off, or is only followed from now on.
	if (stateOf(real) !== "submitting" || real.record.submitSeq !== due) return;
	const behind = real.engine.peopleBehind(real.record) ?? [];
	const known = behind.filter((person) => !model.unreadable.has(named(person)));
	const held = known.filter((person) => model.roles.has(named(person)));
	const lost = known.filter((person) => !held.includes(person));
	model.reading = { held: new Set(held.map(named)), after: real.record.attempts.length };
	if (held.length === behind.length) return;
	happen(model, real, {
		kind: "roles-read",
		held: held.map(holder),
		lost: lost.map((person) => ({ actor: person, rule: "no-role" as const })),
	});
	if (!isOpen(real.record)) {
		must(isLate(model) || lost.length < behind.length - held.length, "a lost role ends nothing");
		model.state = "ended";
		return;
	}
	if (lost.length > 0) model.edition++;
	if (lost.some((person) => named(person) === model.asking[0])) model.entitled = false;
	for (const person of lost) model.yes.delete(named(person));
	if (stateOf(real) === "awaiting-approval") {
		model.state = "waiting";
		model.alone = undefined;
	} else if (lost.length === behind.length - held.length && real.posts === 0)
		must(counted(model).length >= needed(model, () => true), "too few are left, so it waits again");
});

const holder = (person: Actor): Holder => ({ actor: person, grant });

/** A process asks Graph on what it read, at once or late; in between others may have gone on. */
const post = step("POST", (model, real) => {
	const { reading } = model;
	if (!reading) return;
	const held = [...reading.held].map((name) => holder(actor(name)));
	const before = real.record.attempts.length;
	const wasLate = isLate(model);
	const { alone } = model;
	happen(model, real, {
		kind: "attempt-started",
		clientRequestId: `a${before}`,
		by: held[0]?.actor ?? actor("ann"),
		grant,
		after: reading.after,
		held,
	});
	if (!isOpen(real.record)) {
		if (model.state === "under-way" || wasLate) model.state = "ended";
		return;
	}
	if (real.record.attempts.length === before) return;
	const holds = (name: string) => reading.held.has(name);
	must(model.state === "under-way", "a POST without anybody's approval");
	must(real.accepted === 0, "a second POST after Graph accepted");
	const earlier = real.record.attempts.slice(0, -1);
	const settled = (at: string) => model.now - Date.parse(at) >= SETTLING_MS;
	must(
		earlier.every((one) => one.answer !== undefined || settled(one.at)),
		"a second POST beside the first",
	);
	if (alone !== undefined) must(holds(alone), "who went ahead no longer holds the role");
	else {
		must(!wasLate, "a POST after the deadline");
		const valid = counted(model).filter(holds);
		must(valid.length >= needed(model, holds), `a POST with ${valid.length} of ${needed(model, holds)}`);
	}
	// What was read stays: another process may have read the same.
	real.posts++;
});

function answer(kind: "accepted" | "throttled"): Step {
	return step(`Graph answers ${kind}`, (model, real) => {
		const open = real.record.attempts.find((attempt) => !attempt.answer);
		if (!open) return;
		if (kind === "accepted") real.accepted++;
		happen(model, real, {
			kind: "attempt-answered",
			clientRequestId: open.clientRequestId,
			answer: { at: new Date(model.now).toISOString(), kind, httpStatus: kind === "accepted" ? 202 : 429 },
		});
		if (!isOpen(real.record)) model.state = "ended";
	});
}

/** A process dies: what it had read is gone, and what is due runs again. */
const restart = step("restart", (model) => {
	model.reading = undefined;
});

const name = fc.constantFrom(...PEOPLE);
/** What happens often stands here more than once; what ends a story, seldom happens. */
const often = (times: number, steps: fc.Arbitrary<Step>) => Array.from({ length: times }, () => steps);
const seldom = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);
const steps: fc.Arbitrary<Step>[] = [
	fc.tuple(name, fc.boolean()).map(([who, loud]) => ask(who, loud)),
	...often(
		4,
		fc.tuple(name, fc.boolean(), seldom).map(([who, loud, old]) => decide(who, "approve", loud, old)),
	),
	fc
		.tuple(name, fc.boolean(), seldom)
		.map(([who, loud, no]) => decide(who, no ? "reject" : "approve", loud, false)),
	fc.tuple(name, fc.boolean()).map(([who, loud]) => withdraw(who, loud)),
	fc
		.tuple(name, seldom, fc.boolean(), fc.boolean())
		.map(([who, once, emergency, why]) => (once ? goAhead(who, emergency, why) : changeRole(who))),
	fc.tuple(name, fc.boolean()).map(([who, loud]) => acknowledge(who, loud)),
	...often(2, name.map(changeRole)),
	name.map(hide),
	fc.constantFrom(0.1, 0.1, 0.1, 1, 10, 50).map(pass),
	fc.constant(tick),
	seldom.map((over) => see(over ? "successful" : "running")),
	...often(4, fc.constant(read)),
	...often(3, fc.constant(post)),
	fc.constantFrom("accepted" as const, "throttled" as const, "throttled" as const).map(answer),
	fc.constant(restart),
];

/** Stories about requests on all kinds of terms, played against an engine. */
export function property(engine: Engine) {
	return fc.property(
		fc.boolean(),
		fc.constantFrom(1, 1, 1, 2, 3),
		fc.subarray([...PEOPLE], { minLength: 2 }),
		fc.commands(steps, { maxCommands: 60, size: "max" }),
		(twoPerson, required, roles, commands) => {
			fc.modelRun(() => begin(engine, twoPerson, required, roles), commands);
		},
	);
}

function begin(engine: Engine, twoPerson: boolean, required: number, roles: readonly string[]) {
	const entitled = roles.includes("ann") && twoPerson;
	const terms = engine.termsOf(
		{ ...settings, mode: twoPerson ? "two-person" : "on-request", required },
		{ kind: "recovery", entitled },
		START,
	);
	const asking = {
		id: "c",
		receipt: "RC-1",
		job: job("running"),
		requester: actor("ann"),
		conversationKey: "chat ann",
	};
	const model: Model = {
		twoPerson,
		required,
		deadline: START.getTime() + 60 * MINUTE,
		now: START.getTime(),
		roles: new Set(roles),
		unreadable: new Set(),
		asking: ["ann"],
		everAsked: new Set(["ann"]),
		yes: new Set(),
		everDecided: new Set(),
		entitled,
		edition: 1,
		emergency: new Set(),
		acknowledged: false,
		alone: undefined,
		state: "waiting",
		reading: undefined,
	};
	const { record } = engine.openRequest(asking, terms, START, limits);
	return { model, real: { engine, record, submits: [], posts: 0, accepted: 0, ends: 0 } as Real };
}
