import { beforeEach, expect } from "@jest/globals";
import type { Task } from "../../../src/app/store.js";
import type { View } from "../../../src/app/views.js";
import type { RecoveryJob } from "../../../src/core/job.js";
import type { Tells } from "../../../src/core/on-call/news.js";
import type { Command } from "../../../src/core/requests/command.js";
import { theDatabase, useDatabase } from "../database.js";
import { ADMIN_ROLE, createWorld, person, READER_ROLE, runningJob } from "../world.js";

export type World = ReturnType<typeof createWorld>;

export const anna = person("Anna");
export const ben = person("Ben");
export const carla = person("Carla");
/** A channel as Teams names it, and a thread in which somebody wrote. */
export const CHANNEL = "19:ops@thread.tacv2";
export const THREAD = `${CHANNEL};messageid=1`;
export const MINUTE = 60_000;

/** Anna may cancel, Ben may look, and Carla may do nothing. */
export function newWorld(): World {
	const world = createWorld(theDatabase());
	world.strict = true;
	world.grant(anna, ADMIN_ROLE);
	world.grant(ben, READER_ROLE);
	world.grant(carla);
	return world;
}

/** A job that has just begun. */
export function fresh(world: World, changed: Partial<RecoveryJob> = {}): RecoveryJob {
	return runningJob({ startedAt: world.now().toISOString(), ...changed });
}

/** Alerts in the channel, on top of an empty tenant. */
export async function alerting(world: World, ...where: string[]): Promise<World> {
	world.graph.job = undefined;
	for (const place of where.length > 0 ? where : [THREAD])
		await world.say(anna, { kind: "alerts-on", filters: {} }, place);
	await world.advance(MINUTE);
	world.sent.length = 0;
	return world;
}

/** A job that runs and was told of in the channel, or where else. */
export async function alerted(world = newWorld(), ...where: string[]): Promise<World> {
	await alerting(world, ...where);
	world.graph.job = fresh(world);
	await world.advance(MINUTE / 2);
	told(world);
	return world;
}

export async function take(world: World, minutes?: number): Promise<Command> {
	const { id: incidentId, turn } = await incidentOf(world);
	return { kind: "take-incident", incidentId, turn, ...(minutes === undefined ? {} : { minutes }) };
}

/** The call for somebody that is planned once nobody has taken the job for ten minutes, before it goes out. */
export async function callPlanned(world: World): Promise<Task> {
	await world.advance(9.5 * MINUTE);
	world.turn(MINUTE);
	const planned = (work: string) =>
		world.tasks.find(({ task }) => task.queue === "on-call" && task.data.work === work)?.task;
	const look = planned("look");
	if (look) await world.run(look);
	const call = planned("escalate");
	if (!call) throw new Error("no call is planned");
	return call;
}

/** What was sent since the last time, in short. */
export function told(world: World): string[] {
	return world.sent
		.splice(0)
		.map(({ how, conversation, view }) => `${how} ${conversation}: ${inShort(view)}`);
}

export function inShort(view: View): string {
	if (view.view === "news") return inWords(view.tells);
	if (view.view === "alert" || view.view === "follow")
		return [view.view, view.incident.job.status, view.incident.taker?.actor.name].filter(Boolean).join(" ");
	return view.view;
}

function inWords(tells: Tells): string {
	switch (tells.what) {
		case "event":
			return `event ${tells.kind}`;
		case "hands":
			return `hands ${tells.change} ${tells.who}`;
		case "page":
			return `page ${tells.step} ${tells.group}`;
		default:
			return tells.what;
	}
}

/** A line of `told`: a message below a card in the channel. */
export const below = (what: string) =>
	expect.stringMatching(new RegExp(`^post ${CHANNEL};messageid=activity-\\d+: ${what}$`, "u"));

/** The latest view that was sent of a kind. */
export function latest<Name extends View["view"]>(world: World, name: Name): Extract<View, { view: Name }> {
	const found = world.sent.map(({ view }) => view).findLast(({ view }) => view === name);
	if (!found) throw new Error(`no ${name} among ${world.sent.map(({ view }) => inShort(view)).join(", ")}`);
	return found as Extract<View, { view: Name }>;
}

/** What somebody sees who presses a button. */
export async function pressed(world: World, ...press: Parameters<World["pressed"]>): Promise<View> {
	return (await world.pressed(...press)).view;
}

export async function incidentOf(world: World, jobId = runningJob().id) {
	const { incidents } = await world.deps.store.read.watched(anna.tenantId, world.now());
	const found = incidents.find(({ job }) => job.id === jobId);
	if (!found) throw new Error(`no open incident of ${jobId}`);
	return found;
}

/** Where the audit trail ended when the test began; nothing can be taken out of it. */
let before = 0;
/** The database, for the file of tests that calls this, and where its audit trail ends before each test. */
export function useOnCallWorld(): void {
	useDatabase();
	beforeEach(async () => {
		const [head] = await theDatabase().sql.query<{ seq: string | number }>("select seq from audit_head");
		before = Number(head?.seq);
	});
}

/** The types of this test's audit events of these kinds, in order. */
export async function audited(pattern: RegExp): Promise<string[]> {
	const rows = await theDatabase().sql.query<{ type: string }>(
		"select type from audit_events where seq > $1 order by seq",
		[before],
	);
	return rows.map(({ type }) => type).filter((type) => pattern.test(type));
}

/** The newest line of this test's audit events of a type. */
export async function lineOf(type: string): Promise<{
	readonly actor?: { readonly name: string };
	readonly jobId?: string;
	readonly facts: Readonly<Record<string, unknown>>;
}> {
	const [row] = await theDatabase().sql.query<{ line: string }>(
		"select line from audit_events where seq > $1 and type = $2 order by seq desc limit 1",
		[before, type],
	);
	if (!row) throw new Error(`no line ${type}`);
	return JSON.parse(row.line);
}
