import { createRequire } from "node:module";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { View } from "../../src/app/views.js";
import { escapeText, mentionName, plainText } from "../../src/cards/user-text.js";
import type { Cancellation } from "../../src/core/cancelling/cancellation.js";
import { anyText } from "../any-text.js";
import { cancellations } from "./cancellation-states.js";
import { anna, attempt, bernard, cancellation, draw, job, list, may } from "./fixtures.js";
import { drawFoundCard, foundJobs } from "./found-states.js";
import { incidentId } from "./on-call-states.js";
import { views } from "./states.js";

/** Its modules are for bundlers, and this file of its for browsers; Node can load this one. */
const AC: typeof import("adaptivecards") = createRequire(import.meta.url)(
	"adaptivecards/dist/adaptivecards.js",
);
const LARGEST = 24 * 1024;
const ALLOWED_TYPES = new Set([
	"AdaptiveCard",
	"Container",
	"TextBlock",
	"RichTextBlock",
	"TextRun",
	"ColumnSet",
	"Column",
	"ActionSet",
	"Input.Text",
	"Input.Number",
	"Action.Execute",
	"Action.Submit",
	"Action.ShowCard",
	"Action.OpenUrl",
	"Action.ToggleVisibility",
	"mention",
]);

/** Every object in a card, however deep. */
function* parts(value: unknown): Generator<Record<string, unknown>> {
	if (Array.isArray(value)) for (const item of value) yield* parts(item);
	else if (value !== null && typeof value === "object") {
		yield value as Record<string, unknown>;
		for (const item of Object.values(value)) yield* parts(item);
	}
}

/** What stands right below the header. */
const leadOf = (card: object) => (card as { body: { text?: string }[] }).body[1]?.text;

const textOf = (card: object) =>
	[...parts(card)]
		.flatMap((part) => [part.text, part.value, part.title])
		.filter((text) => typeof text === "string")
		.join("\n");

/** Checks every one of the cases; a failure names each that does not hold, and says why. */
function hold<Case>(
	cases: readonly (readonly [name: string, value: Case])[],
	check: (value: Case) => void,
): void {
	const failures = cases.flatMap(([name, value]) => {
		try {
			check(value);
			return [];
		} catch (error) {
			return [`${name}: ${error instanceof Error ? error.message : error}`];
		}
	});
	expect(failures).toEqual([]);
}

describe("the card of every view, in every state", () => {
	/** Without those about files, which are Teams' own and no Adaptive Cards. */
	const cards = [
		...views.map(([name, view]) => [name, draw(view)] as const),
		...foundJobs.map(([name, found]) => [name, drawFoundCard(found)] as const),
	].filter(([, { contentType }]) => contentType === undefined);

	it("is a card that clients of Adaptive Cards 1.5 take without complaint", () => {
		hold(cards, ({ card }) => {
			const context = new AC.SerializationContext(AC.Versions.v1_5);
			const parsed = new AC.AdaptiveCard();
			parsed.parse(card, context);
			const complaints = Array.from(
				{ length: context.eventCount },
				(_, index) => context.getEventAt(index).message,
			);
			// The library keeps the position of its global expression for `lang` and so refuses every second card.
			expect(complaints.filter((text) => text !== 'Invalid value "en" for property "lang".')).toEqual([]);
			expect(card).toMatchObject({ type: "AdaptiveCard", version: "1.5", lang: "en" });
			const types = [...parts(card)].map(({ type }) => type).filter((type) => typeof type === "string");
			expect(types.filter((type) => !ALLOWED_TYPES.has(type))).toEqual([]);
		});
	});

	it("is small enough, complete, and readable without pictures or colour", () => {
		hold(cards, ({ card, summary }) => {
			const json = JSON.stringify(card);
			expect(json.length * 2).toBeLessThan(LARGEST);
			expect(json).not.toMatch(/\$\{|undefined|NaN|\[object/u);
			expect(summary.length).toBeGreaterThan(5);
			expect(card).toMatchObject({ fallbackText: summary });
			expect(summary).not.toMatch(/\{\{|<at>|\\/u);
			const [header] = (card as { body: { items: { text: string }[] }[] }).body;
			expect(header?.items[0]?.text).toMatch(/\p{L}/u);
			for (const part of parts(card))
				if (String(part.type).startsWith("Input.")) expect(part.label).toMatch(/\w/u);
		});
	});

	it("mentions exactly whom it names as mentioned", () => {
		hold(cards, ({ card }) => {
			const named = [...textOf(card).matchAll(/<at>[^<]*<\/at>/gu)].map(([text]) => text);
			const entities = [...parts(card)].filter((part) => part.type === "mention").map((part) => part.text);
			expect(new Set(entities)).toEqual(new Set(named));
		});
	});

	it("carries an opaque id and a version in its buttons, and nothing else", () => {
		hold(cards, ({ card }) => {
			for (const part of parts(card)) {
				if (part.type === "Action.Execute")
					expect(part.data).toEqual({ id: expect.stringMatching(/^\S+$/u), version: expect.any(Number) });
				if (part.type === "Action.Submit")
					expect(Object.keys(part.data as object).sort()).toEqual(["id", "verb", "version"]);
			}
		});
	});

	it("names in its buttons what they are about: the job, the request, or the edition that is decided", () => {
		const words: Readonly<Record<string, string>> = {
			"refresh-jobs": "jobs",
			"show-jobs": "jobs",
			"show-whoami": "me",
			"show-help": "help",
		};
		hold(views, (view) => {
			const { card } = draw(view);
			const decided = "cancellation" in view ? view.cancellation : undefined;
			for (const part of parts(card)) {
				if (part.type !== "Action.Execute") continue;
				const verb = String(part.verb);
				if (/^(?:approve|reject|withdraw|acknowledge-review|refresh-approval)$/u.test(verb))
					expect(part.data).toEqual({
						id: decided?.id,
						version: verb === "acknowledge-review" ? 1 : decided?.approval?.edition,
					});
				else if (/^(?:take|release)-/u.test(verb))
					expect(part.data).toEqual({ id: incidentId, version: expect.any(Number) });
				else if (words[verb]) expect(part.data).toEqual({ id: words[verb], version: 1 });
				// Jobs in a list differ in their first digit.
				else expect(part.data).toEqual({ id: expect.stringContaining(job().id.slice(1)), version: 1 });
			}
		});
	});

	it("says in its first line what happened, in under 60 characters", () => {
		hold(cards, ({ card }) => {
			const [header] = (card as { body: { items: { text: string }[] }[] }).body;
			expect(header?.items[0]?.text.length).toBeLessThan(60);
		});
	});

	it("speaks of settings and files only to who opens the details", () => {
		hold(cards, ({ card }) => {
			const { body } = card as { body: { id?: string }[] };
			const seen = textOf({ body: body.filter(({ id }) => id !== "details") });
			expect(seen).not.toMatch(/README|[A-Z]+_[A-Z]+|service principal|\.env/u);
		});
	});
});

describe("what a card of a cancellation claims", () => {
	const CLAIM = /\babandoned\b|\bcancel(?:led|ed)\b|\bstopped\b(?! is| may|; this)/iu;

	it("is not an end before it is abandoned", () => {
		const others = cancellations.filter(([, record]) => record.state !== "abandoned");
		hold(others, (record) => {
			const said = textOf(draw({ view: "live", cancellation: record, conversationKey: "chat" }).card)
				.replace("Stopping, not stopped yet", "")
				.replace("before it could be stopped", "")
				.replace(/not (?:stopped|cancelled)\b/giu, "")
				.replace(/somebody else may have stopped it/iu, "");
			if (record.outcome?.state === "too-late" && record.outcome.jobEnd === "abandoned") return;
			expect(said).not.toMatch(CLAIM);
		});
	});

	it("is that Graph shows it abandoned, and that this is no undo", () => {
		const [, record] = cancellations.find(([, { state }]) => state === "abandoned") ?? ["", cancellation()];
		const said = textOf(draw({ view: "follow-up", cancellation: record, conversationKey: "chat" }).card);
		expect(said).toContain("Recovery job stopped");
		expect(said).toContain("Graph shows it as abandoned");
		expect(said).toContain("not an undo");
		expect(said).toContain("RC-7F3K9Q");
		const live = textOf(draw({ view: "live", cancellation: record, conversationKey: "chat" }).card);
		expect(live).toContain("4 min 10 sec");
		expect(live).toContain("RC-7F3K9Q");
		expect(live).toContain("wrong snapshot");
		expect(live).toContain(job().id);
	});

	it("never turns a count that Graph did not report into zero", () => {
		const [, record] = cancellations.find(([, { state }]) => state === "abandoned") ?? ["", cancellation()];
		const { card } = draw({ view: "follow-up", cancellation: record, conversationKey: "chat" });
		expect(textOf(card)).toContain("500 objects · links: not reported · failed changes: not reported");
	});

	it("mentions at most five people, one after the other", () => {
		const askers = Array.from({ length: 7 }, (_, n) => ({
			actor: { ...anna, userId: `u${n}`, name: `U${n}`, channelUserId: `29:u${n}` },
			conversationKey: "chat",
			at: "",
		}));
		const record = cancellation({ askers, state: "abandoned", outcome: { state: "abandoned" } });
		const { card } = draw({ view: "follow-up", cancellation: record, conversationKey: "chat" });
		expect(textOf(card)).toContain(
			"<at>U0</at>, <at>U1</at>, <at>U2</at>, <at>U3</at>, <at>U4</at>: Graph shows",
		);
		expect([...parts(card)].filter((part) => part.type === "mention")).toHaveLength(5);
	});

	it("mentions only people who asked in this conversation", () => {
		const [, record] = cancellations.find(([, { state }]) => state === "abandoned") ?? ["", cancellation()];
		const there = JSON.stringify(
			draw({ view: "follow-up", cancellation: record, conversationKey: "other" }).card,
		);
		expect(there).not.toContain("<at>");
		expect(there).toContain("Anna Admin");
	});
});

describe("a button", () => {
	const readAt = "2026-11-23T03:00:00Z";
	const open = { receipt: "RC-1", requesterName: "A", followed: true };
	const beingCancelled = [{ jobId: job().id, receipt: "RC-1", requesterName: "A" }];
	const buttons = (view: View) =>
		[...parts(draw(view).card)].filter((part) => part.type === "Action.Execute").map((part) => part.verb);
	const cancels = (view: View) => buttons(view).filter((verb) => String(verb).startsWith("cancel-"));

	it("that cancels is on the card of a job that runs, and on no other", () => {
		expect(cancels({ view: "job", ...may, job: job(), readAt })).toEqual(["cancel-job"]);
		expect(cancels({ view: "job", ...may, job: job(), readAt, offered: {} })).toEqual(["cancel-job"]);
		expect(cancels({ view: "job", ...may, job: job({ status: "successful" }), readAt })).toEqual([]);
		expect(cancels({ view: "job", ...may, job: job(), readAt, open })).toEqual([]);
		expect(
			cancels({ view: "jobs", ...list, running: [job(), job()], ended: [job({ status: "failed" })], readAt }),
		).toEqual(["cancel-listed-job", "cancel-listed-job"]);
		expect(cancels({ view: "jobs", ...list, running: [job()], ended: [], beingCancelled, readAt })).toEqual(
			[],
		);
	});

	it("that cancels is not where only somebody sees it who may not", () => {
		const mayCancel = false;
		expect(cancels({ view: "job", ...may, job: job(), readAt, mayCancel })).toEqual([]);
		expect(cancels({ view: "job", ...may, job: job(), readAt, mayCancel, offered: {} })).toEqual([]);
		expect(cancels({ view: "jobs", ...list, running: [job()], ended: [], readAt, mayCancel })).toEqual([]);
		expect(buttons({ view: "jobs", ...list, running: [job()], ended: [], readAt, mayCancel })).toContain(
			"show-job",
		);
	});

	it("that cancels stands in a form, which says of what and asks for the reason", () => {
		const forms = (view: View) =>
			[...parts(draw(view).card)]
				.filter((part) => part.type === "Action.ShowCard")
				.map((part) => JSON.stringify(part.card));
		for (const [form = ""] of [
			forms({ view: "job", ...may, job: job(), readAt }),
			forms({ view: "jobs", ...list, running: [job()], ended: [], readAt }),
		]) {
			expect(form).toContain("This stops recovery job 3f4a6b60… and is not an undo");
			expect(form).toContain("It restores the state of {{DATE(2026-11-22T01:00:00Z,SHORT)}}");
			expect(form).toContain("200 of 1,024 objects");
			expect(form).toContain('"label":"Reason (optional; everybody here sees it)"');
			expect(form).toContain('"isRequired":false');
		}
		const [required = ""] = forms({ view: "job", ...may, job: job(), readAt, reasonRequired: true });
		expect(required).toContain('"label":"Reason (everybody here sees it)"');
		expect(required).toContain('"isRequired":true,"errorMessage":"Please say why');
		const [listed = ""] = forms({
			view: "jobs",
			...list,
			running: [job()],
			ended: [],
			readAt,
			reasonRequired: true,
		});
		expect(listed).toContain('"isRequired":true');
	});

	it("offers the form of the one running job at once, with the reason that was given", () => {
		const offered = { reason: "wrong <snapshot>" };
		const [input] = [...parts(draw({ view: "job", ...may, job: job(), readAt, offered }).card)].filter(
			(part) => part.type === "Input.Text",
		);
		expect(input).toMatchObject({ id: "reason", value: "wrong <snapshot>" });
	});

	it("works while a field that it does not need is empty", () => {
		hold(views, (view) => {
			for (const part of parts(draw(view).card)) {
				if (part.type !== "Action.Execute" || part.verb === "refresh-approval") continue;
				const writes = /^(?:cancel-|approve|reject|ask-|acknowledge-|take-incident)/u.test(String(part.verb));
				expect([part.verb, part.associatedInputs]).toEqual([part.verb, writes ? "auto" : "none"]);
			}
		});
	});

	it("is told from others on its card by those who only hear it", () => {
		hold(views, (view) => {
			const names: unknown[] = [];
			for (const part of parts(draw(view).card))
				if (String(part.type).startsWith("Action.") && part.type !== "Action.Submit" && part.title)
					names.push(part.title);
			expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
		});
	});

	it("of a list has its own field for a reason", () => {
		const view = { view: "jobs", ...list, running: [job(), job()], ended: [], readAt } as const;
		const ids = [...parts(draw(view).card)]
			.filter((part) => part.type === "Input.Text")
			.map((part) => part.id);
		expect(ids).toEqual(["reason-0", "reason-1"]);
	});
});

describe("text of a person", () => {
	const hostile = [
		"**bold** _it_ ~~no~~ [link](https://evil.example) `code`",
		"<at>Everyone</at>",
		"&lt;at&gt;Everyone&lt;/at&gt;",
		"$".concat("{title} $", "{$root.summary}"),
		"{{DATE(2026-01-01T00:00:00Z)}}",
		"# heading\n- list\n1. one",
		"\u202Eright to left\u202C \u200Bzero",
	];

	it.each(hostile)("can neither format nor mention: %j", (text) => {
		const record = cancellation({ reason: text, requester: { ...anna, name: text } });
		const outcome = { state: "abandoned" } as const;
		const ended = {
			...record,
			state: outcome.state,
			outcome,
			endedAt: record.openedAt,
			askers: [{ actor: record.requester, conversationKey: "chat", at: "" }],
		};
		const cards = (["follow-up", "live"] as const).map(
			(view) => draw({ view, cancellation: ended, conversationKey: "chat" }).card,
		);
		for (const part of parts(cards)) {
			if (part.type === "mention") continue;
			for (const shown of [part.text, part.value]) {
				if (typeof shown !== "string") continue;
				const rest = shown.replace(/<at>[^<]*<\/at>/u, "");
				expect(rest).not.toMatch(/<\/?at>|&lt;/u);
				expect(rest).not.toMatch(/[\u202A-\u202E\u200B]/u);
				if (part.type !== "TextRun")
					expect(rest.replace(/\\./gu, "").replace(/\{\{(?:DATE|TIME)\(2026-11-2/gu, "")).not.toMatch(
						/[*_~`[\]]|\{\{/u,
					);
			}
		}
		const quote = [...parts(cards)].find((part) => part.type === "TextRun");
		if (quote && (text.startsWith("**") || text.startsWith("$"))) expect(quote.text).toBe(`“${text}”`);
	});

	it("never formats, whatever it is", () => {
		fc.assert(
			fc.property(anyText(200), (text) => {
				// What is escaped stands for itself, as any letter does.
				expect(escapeText(text).replace(/\\./gu, "x")).not.toMatch(/[*_~`[\]]|\{\{|<[^\u2060]|^\s*[-+#>]/u);
				expect(mentionName(text)).not.toMatch(/[*_~`[\]<>]/u);
				expect(plainText(text, 50)).not.toMatch(/<at|\p{Cc}/u);
			}),
		);
	});

	it("is cut between characters as people see them, never inside one", () => {
		const family = "👨‍👩‍👧‍👦";
		expect([...new Intl.Segmenter().segment(plainText(family.repeat(600), 500))].length).toBeLessThanOrEqual(
			3_500,
		);
		expect(plainText("é".repeat(600), 500)).toHaveLength(500);
		expect(plainText("short", 500)).toBe("short");
	});

	it("leaves every card small, however much of it there is", () => {
		const long = "🧯".repeat(5_000);
		const many = Array.from({ length: 20 }, (_, index) => ({
			actor: { ...anna, userId: `u${index}`, name: "*".repeat(256) },
			conversationKey: "chat",
			at: "",
		}));
		const record = cancellation({ reason: long, requester: { ...anna, name: long }, askers: many });
		const outcome = { state: "refused", why: { by: "graph", code: "forbidden" } } as const;
		const ended = { ...record, state: outcome.state, outcome, endedAt: record.openedAt };
		for (const view of ["live", "follow-up"] as const)
			expect(
				JSON.stringify(draw({ view, cancellation: ended, conversationKey: "chat" }).card).length * 2,
			).toBeLessThan(LARGEST);
		expect(JSON.stringify(draw({ view: "unknown", text: long }).card).length * 2).toBeLessThan(LARGEST);
	});
});

describe("a card that has to stay true in rare cases", () => {
	const endedAt = "2026-11-23T03:04:10Z";
	const followUp = (overrides: Parameters<typeof cancellation>[0], conversationKey = "chat") =>
		draw({ view: "follow-up", cancellation: cancellation({ endedAt, ...overrides }), conversationKey });

	it.each(["successful", "failed", "abandoned"] as const)(
		"says that a preview applied nothing, when it ended first as %s",
		(jobEnd) => {
			const outcome = { state: "too-late", jobEnd } as const;
			const said = textOf(followUp({ jobKind: "preview", state: "too-late", outcome }).card);
			expect(said).toContain("A preview changes nothing");
			expect(said).not.toMatch(/stays applied|start a recovery/u);
		},
	);

	const lostRole = {
		state: "refused",
		outcome: { state: "refused", why: { by: "policy", rule: "no-role" } },
	} as const;
	const join = (reason?: string) => ({
		actor: bernard,
		conversationKey: "chat",
		at: endedAt,
		...(reason === undefined ? {} : { reason }),
	});

	it("does not tell people who joined that their own role was refused", () => {
		const said = textOf(followUp(lostRole).card);
		expect(said).toContain("the role of whoever asked was checked again: that account holds no role");
		const { askers } = cancellation();
		const joined = textOf(followUp({ ...lostRole, askers: [...askers, join()] }).card);
		expect(joined).toContain("the roles of all who asked were checked again");
		expect(`${said} ${joined}`).not.toMatch(/\byou(?:r)?\b/iu);
	});

	it("says that nothing was sent to Graph only when no attempt left", () => {
		const said = (attempts: Cancellation["attempts"]) => textOf(followUp({ ...lostRole, attempts }).card);
		expect(said([])).toContain("Nothing was sent to Graph");
		expect(said([attempt({ kind: "throttled" })])).toContain("Nothing was sent to Graph");
		const waited = said([attempt({ kind: "throttled", httpStatus: 429 })]);
		expect(waited).toContain("Graph had accepted no request by then");
		expect(waited).not.toMatch(/nothing was sent|may have reached/iu);
	});

	it("says why it asks no more, that a request may have arrived, and what to do, before the end and after it", () => {
		const unclear = { attempts: [attempt({})], stoppedAsking: lostRole.outcome.why } as const;
		const open = cancellation({ state: "stopping", ...unclear });
		const outcome = { state: "too-late", jobEnd: "successful" } as const;
		const before = draw({ view: "warning", cancellation: open, conversationKey: "chat" }).card;
		const after = followUp({ ...unclear, state: "too-late", outcome }).card;
		for (const card of [before, after]) {
			expect(textOf(card)).toContain("A request to cancel may have reached Graph");
			expect(textOf(card)).toContain("holds no role that may cancel jobs any more");
		}
		expect(textOf(before)).toContain("stop it in the Entra admin centre");
		expect(textOf(before)).toContain("<at>Anna Admin</at>");
	});

	it("says with which status the last request was turned down", () => {
		const stoppedAsking = { by: "graph", code: "forbidden" } as const;
		const said = (why: Cancellation["stoppedAsking"] & object) => {
			const record = cancellation({ state: "stopping", attempts: [attempt({})], stoppedAsking: why });
			return textOf(draw({ view: "warning", cancellation: record, conversationKey: "chat" }).card);
		};
		expect(said({ ...stoppedAsking, httpStatus: 403 })).toContain("The next one was turned down (403), so");
		expect(said(stoppedAsking)).toContain("The next one was turned down, so");
	});

	it("has no doubt that a request arrived once Graph accepted one", () => {
		const outcome = { state: "too-late", jobEnd: "successful" } as const;
		const clear = { state: "too-late", outcome, acceptedAt: endedAt, stoppedAsking: { by: "time" } } as const;
		expect(textOf(followUp(clear).card)).not.toContain("may have reached Graph");
	});

	it("says how far the request came when track was lost", () => {
		const lost = { state: "lost-track", outcome: { state: "lost-track", why: "watch-limit" } } as const;
		const said = (more: Partial<Cancellation>) => leadOf(followUp({ ...lost, ...more }).card);
		const [unsent, unclear] = [attempt({ kind: "throttled" }), attempt({})];
		expect(said({ attempts: [] })).toMatch(/No request to cancel was sent to Graph\.$/u);
		expect(said({ attempts: [unsent] })).toMatch(/No request to cancel was sent to Graph\.$/u);
		expect(said({ attempts: [unsent, unclear] })).toMatch(/No request to cancel was confirmed by Graph\.$/u);
		expect(said({ acceptedAt: endedAt })).toMatch(/Graph had accepted the request to cancel\.$/u);
	});

	it("does not take the credit for an end whose request was never answered", () => {
		const outcome = { state: "abandoned" } as const;
		const unanswered = { state: "abandoned", outcome, attempts: [attempt({})] } as const;
		expect(textOf(followUp(unanswered).card)).toContain("somebody else may have stopped it");
		expect(textOf(followUp({ ...unanswered, acceptedAt: endedAt }).card)).not.toContain("somebody else");
	});

	it("says for how long a request could not be placed, and not longer", () => {
		const outcome = { state: "refused", why: { by: "graph", code: "throttled" } } as const;
		const attempts = [attempt({ kind: "throttled", httpStatus: 429 })];
		expect(textOf(followUp({ state: "refused", outcome, attempts }).card)).toContain(
			"For 4 min 10 sec the request could not be placed",
		);
	});

	it("says that a card stands in for an earlier one that cannot be updated", () => {
		const view = { view: "live", cancellation: cancellation(), conversationKey: "chat" } as const;
		expect(textOf(draw({ ...view, supersedes: true }).card)).toContain("An earlier one");
		expect(textOf(draw(view).card)).not.toContain("An earlier one");
	});

	it("shows where to look when track was lost", () => {
		const outcome = { state: "lost-track", why: "job-not-found" } as const;
		const json = JSON.stringify(followUp({ state: "lost-track", outcome }).card);
		expect(json).toContain('"url":"https://entra.example/"');
		expect(json).toContain('"verb":"show-job"');
	});

	it("separates the name from the sentence where nobody can be mentioned", () => {
		const { card } = followUp({ state: "abandoned", outcome: { state: "abandoned" } }, "other");
		expect(textOf(card)).toContain("Anna Admin: Graph shows it");
	});

	it("says that there are no jobs only when Graph lists none", () => {
		const said = (running: number, ended: number) => {
			const jobs = (count: number) => Array.from({ length: count }, () => job());
			return textOf(
				draw({ view: "jobs", ...list, running: jobs(running), ended: jobs(ended), readAt: endedAt }).card,
			);
		};
		expect(said(0, 0)).toContain("Graph lists no jobs");
		for (const [running, ended] of [
			[1, 0],
			[0, 1],
			[1, 1],
		] as const)
			expect(said(running, ended)).not.toContain("Graph lists no jobs");
	});

	it("leaves out the words before a moment that is not known", () => {
		const timeless = (status: string) => ({ id: "x", kind: "preview", status, counts: {} }) as const;
		const { card } = draw({
			view: "jobs",
			...list,
			running: [timeless("initialized")],
			ended: [timeless("failed")],
			readAt: endedAt,
		});
		expect(textOf(card)).not.toMatch(/started|, for |ran for|\{\{TIME\([^2]/u);
	});

	it("names moments in its summary, where no client fills them in", () => {
		const record = cancellation({ state: "stopping", acceptedAt: "2026-11-23T03:00:00.123Z" });
		const { summary } = draw({ view: "live", cancellation: record, conversationKey: "chat" });
		expect(summary).toContain("accepted the request 3:00 AM UTC.");
		expect(summary).toContain("Stopping, not stopped yet. Job 3f4a6b60…, RC-7F3K9Q. Graph");
	});

	it("stays small when one character is made of very many", () => {
		const text = `a${"\u0301".repeat(300)}`.repeat(500);
		const record = cancellation({ reason: text, requester: { ...anna, name: text } });
		const cards = [
			draw({ view: "unknown", text }),
			draw({ view: "live", cancellation: record, conversationKey: "chat" }),
		];
		for (const { card } of cards) expect(JSON.stringify(card).length * 2).toBeLessThan(LARGEST);
		expect(plainText("🧯".repeat(500), 500)).toBe("🧯".repeat(500));
		expect(plainText("a\ud83d b", 50)).toBe("a b");
	});
});
