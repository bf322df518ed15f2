import { describe, expect, it } from "@jest/globals";
import { liveFace, newsFace } from "../../src/cards/cancellation-face.js";
import { wordsFor } from "../../src/cards/words.js";
import type { Asker, Cancellation } from "../../src/core/cancelling/cancellation.js";
import { anna, attempt, bernard, cancellation } from "./fixtures.js";
import { keepGolden } from "./golden.js";

const at = "2026-11-23T03:00:00Z";
const pen = {
	words: wordsFor("en"),
	now: new Date("2026-11-23T03:05:00Z"),
	adminCenterUrl: "https://entra.example/",
};
const verbs = (record: Cancellation, doubts = {}) =>
	liveFace(record, doubts, pen).buttons.map(({ type, verb }) => verb ?? type);

describe("a cancellation", () => {
	keepGolden("live", "warning", "follow-up");

	it("is shown without what nobody knows: a reason, the job as last read", () => {
		const { reason: _reason, seen: _seen, ...bare } = cancellation({ state: "stopping", acceptedAt: at });
		const { quote, lead, facts, notes } = liveFace(bare, {}, pen);
		expect(quote).toBe("");
		expect(lead).toMatch(/^Graph accepted the request \{\{TIME\(\S+\)\}\}\. Nothing for you to do/u);
		expect(notes).toEqual([]);
		expect(facts.map(({ title }) => title)).toEqual(["Receipt", "Asked by", "Asked", "Job"]);
	});

	it("tells how far the job was when it was read, and for how long it had been running", () => {
		const seen = {
			at: "2026-11-23T03:12:00Z",
			startedAt: at,
			status: "running",
			counts: { modifiedObjects: 200, changedObjects: 1_024 },
		};
		const said = (more: Partial<Cancellation>) =>
			liveFace(cancellation({ state: "stopping", acceptedAt: at, seen, ...more }), {}, pen).notes;
		expect(said({})).toEqual([{ text: "200 of 1,024 objects (20%), running for 12 min." }]);
		expect(said({ jobKind: "preview" })).toEqual([]);
		const { startedAt: _startedAt, ...undated } = seen;
		expect(said({ seen: undated })).toEqual([{ text: "200 of 1,024 objects (20%)." }]);
	});

	it("tells a wait by how long it lasts from now", () => {
		const lead = (until: string) =>
			liveFace(cancellation({ waiting: { until, why: "throttled" } }), {}, pen).lead;
		expect(lead("2026-11-23T03:05:08Z")).toMatch(/Next try in 8 sec\.$/u);
		expect(lead("2026-11-23T03:05:00Z")).toMatch(/Next try now\.$/u);
	});

	it("tells at its end, under Details, that nothing was sent to Graph, where nothing was", () => {
		const refused = { state: "refused", why: { by: "policy", rule: "guest" } } as const;
		for (const attempts of [[], [attempt({ kind: "throttled" })]]) {
			const record = cancellation({ state: "refused", outcome: refused, endedAt: at, attempts });
			expect(liveFace(record, {}, pen).details).toEqual([
				{ text: "No request to cancel was sent to Graph." },
			]);
			expect(newsFace(record, "Anna:", pen).details).toEqual([]);
		}
	});

	it("keeps the ids of the call and the operator's steps under Details", () => {
		const outcome = { state: "refused", why: { by: "graph", code: "forbidden" } } as const;
		const attempts = [attempt({ kind: "rejected", httpStatus: 403, errorCode: "Some_Code" })];
		const record = cancellation({ state: "refused", outcome, endedAt: at, attempts });
		const shown = liveFace(record, {}, pen);
		expect(shown.details.map(({ text }) => text)).toEqual([
			expect.stringContaining("Entra Backup Administrator"),
			expect.stringMatching(/^client-request-id \S+$/u),
			"request-id graph-request",
			"Graph’s code: Some\\_Code",
		]);
		expect(verbs(record)).toEqual(["Action.ToggleVisibility"]);
		expect(JSON.stringify([shown.lead, shown.notes])).not.toMatch(/README|service principal/u);
		const news = newsFace(record, "Anna:", pen);
		expect(news.details.map(({ text }) => text)).toEqual([
			expect.stringContaining("Entra Backup Administrator"),
		]);
		expect(news.notes[0]?.text).toContain("needs the receipt RC-7F3K9Q");
	});

	it("says what can be done: look where the end is on its way, act where it is not", () => {
		const link = "Action.OpenUrl";
		expect(verbs(cancellation())).toEqual([link, "show-job"]);
		expect(verbs(cancellation({ state: "stopping", acceptedAt: at }))).toEqual(["show-job"]);
		expect(verbs(cancellation({ state: "stopping", attempts: [attempt()] }))).toEqual([
			link,
			"show-job",
			"Action.ToggleVisibility",
		]);
		expect(verbs(cancellation({ state: "awaiting-approval" }))).toEqual(["show-job"]);
		const news = (outcome: NonNullable<Cancellation["outcome"]>) =>
			newsFace(cancellation({ state: outcome.state, outcome, endedAt: at }), "Anna:", pen).buttons.map(
				({ type, verb }) => verb ?? type,
			);
		expect(news({ state: "abandoned" })).toEqual(["show-job"]);
		expect(news({ state: "withdrawn" })).toEqual(["show-job"]);
		expect(news({ state: "too-late", jobEnd: "failed" })).toEqual(["show-job"]);
		expect(news({ state: "lost-track", why: "watch-limit" })).toEqual([link, "show-job"]);
		expect(news({ state: "refused", why: { by: "graph", code: "conflict" } })).toEqual([link, "show-job"]);
	});

	it("leaves advice and buttons to the announcement, unless that may not have arrived", () => {
		const record = cancellation({ state: "abandoned", outcome: { state: "abandoned" }, endedAt: at });
		expect(JSON.stringify(liveFace(record, {}, pen))).not.toContain("not an undo");
		expect(verbs(record)).toEqual(["Action.ToggleVisibility"]);
		const alone = liveFace(record, { announcementMissed: true }, pen);
		expect(JSON.stringify(alone)).toContain("not an undo");
		expect(alone.buttons.map(({ verb }) => verb)).toContain("show-job");
	});

	it("says of a copy when it was made, and that it is none of the cards that are kept", () => {
		const copied = liveFace(cancellation(), { copiedAt: at }, pen);
		expect(copied.notes.at(-1)?.text).toMatch(/^As it was \{\{TIME.*stands in this conversation already/u);
	});
});

describe("the people on the card of a cancellation", () => {
	const fact = (record: Cancellation, title: string) =>
		liveFace(record, {}, pen).facts.find((row) => row.title === title)?.value;
	const asker = (name: string, reason?: string): Asker => ({
		actor: { ...anna, userId: name, name },
		conversationKey: "chat",
		at,
		...(reason === undefined ? {} : { reason }),
	});
	const requester: Asker = { actor: anna, conversationKey: "chat", at };
	const alsoAsked = (...others: Asker[]) =>
		fact(cancellation({ askers: [requester, ...others] }), "Also asked by");

	it("are only the one who asked first, as long as nobody else did", () => {
		expect(fact(cancellation(), "Asked by")).toBe("Anna Admin");
		expect(alsoAsked()).toBeUndefined();
		expect(alsoAsked(requester)).toBeUndefined();
	});

	it("are all who asked, once each, with the reason that they gave last", () => {
		const others = [asker("Bernard"), asker("Cem", "at first"), asker("Bernard", "it *eats* users")];
		expect(alsoAsked(...others, asker("Cem", "later"), asker("Bernard"))).toBe(
			"Bernard (“it \\*eats\\* users”) and Cem (“later”)",
		);
	});

	it("are five others at most; the rest are counted", () => {
		const crowd = ["B", "C", "D", "E", "F", "G", "H"].map((name) => asker(name));
		expect(alsoAsked(...crowd.slice(0, 5))).toBe("B, C, D, E, and F");
		expect(alsoAsked(...crowd)).toBe("B, C, D, E, F, and 2 more");
	});

	it("include whose role the last request was sent on, when that is somebody else", () => {
		const sentBy = (...people: (typeof anna)[]) =>
			fact(cancellation({ attempts: people.map((by) => attempt({}, by)) }), "Sent on the role of");
		expect(sentBy()).toBeUndefined();
		expect(sentBy(anna, bernard)).toBe("Bernard");
		expect(sentBy(anna, bernard, anna)).toBeUndefined();
		expect(sentBy({ ...bernard, name: "B*b" })).toBe("B\\*b");
	});

	it("include who carried it out past the others, and how", () => {
		const grant = { by: "group", groupId: "g" } as const;
		const ahead = (way: "alone" | "emergency") =>
			fact(cancellation({ goAhead: { way, at, by: { ...bernard, name: "B*b" }, grant } }), "Carried out by");
		expect(ahead("alone")).toBe("B\\*b");
		expect(ahead("emergency")).toBe("B\\*b, the emergency way");
		expect(fact(cancellation({ goAhead: { way: "approved", at } }), "Carried out by")).toBeUndefined();
	});
});
