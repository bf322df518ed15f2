import { describe, expect, it } from "@jest/globals";
import type { Answer, Message, Request } from "../../../src/app/store.js";
import { packMessage } from "../../../src/app/telling/pack-message.js";
import type { View } from "../../../src/app/views.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import { type Incident, openIncident } from "../../../src/core/on-call/incident.js";
import type { News } from "../../../src/core/on-call/news.js";
import { person, runningJob } from "../world.js";

const at = new Date("2026-11-23T03:00:00Z");
const conversationKey = "chat";
const anna = person("Anna");
const common = { id: "m", conversationKey, createdAt: at, state: "pending", tries: 0, unclear: 0 } as const;
const outcome = { state: "abandoned" };

interface There {
	readonly cancellation?: object;
	readonly request?: Partial<Request>;
	readonly incident?: Incident;
	readonly news?: News;
	readonly followUp?: Message["state"];
}

/** What a message says with these records behind it. */
function packed(message: object, there: There = {}) {
	const one =
		<Kept>(kept: object | undefined, id: string) =>
		async (asked: string) =>
			asked === id ? (kept as Kept | undefined) : undefined;
	const { followUp } = there;
	return packMessage(
		{
			request: one<Request>(there.request && { id: "r", command: { kind: "help" }, ...there.request }, "r"),
			cancellation: one<Cancellation>(there.cancellation, "c"),
			incident: one<Incident>(there.incident, "i"),
			news: one<News & { id: string }>(there.news && { id: "n", ...there.news }, "n"),
			latestCancellation: async () => undefined,
			findMessage: async (kind, id, where) =>
				followUp && kind === "follow-up" && id === "c" && where === conversationKey
					? ({ ...common, kind, cancellationId: id, state: followUp } as Message)
					: undefined,
		},
		{ ...common, ...message } as Message,
		at,
	);
}

describe("a message about a cancellation", () => {
	const record = (changed: object = {}) => ({
		id: "c",
		state: "stopping",
		askers: [
			{ conversationKey: "elsewhere", locale: "ja-JP" },
			{ conversationKey, locale: "de-DE" },
		],
		...changed,
	});
	const waiting = record({ state: "awaiting-approval", approval: { mode: "on-request" } });
	const about = (kind: string, changed: object = {}) => ({ kind, cancellationId: "c", ...changed });
	const audience = { anybody: ["anna"] };

	it.each(["live", "warning", "follow-up", "approval", "reminder", "review"])(
		"says nothing without its record: %s",
		async (kind) => {
			expect(await packed(about(kind))).toBeUndefined();
		},
	);

	it.each(["live", "follow-up", "warning"])(
		"is written in the language of who asked there: %s",
		async (kind) => {
			const cancellation = record();
			expect(await packed(about(kind), { cancellation })).toEqual({
				view: { view: kind, cancellation, conversationKey },
				locale: "de-DE",
			});
		},
	);

	it("warns of nothing once the end is known", async () => {
		expect(await packed(about("warning"), { cancellation: record({ outcome }) })).toBeUndefined();
		expect(await packed(about("follow-up"), { cancellation: record({ outcome }) })).toBeDefined();
	});

	it("is the question itself while that waits, also as a live card, and for whom it is meant", async () => {
		for (const kind of ["live", "approval"])
			expect(await packed(about(kind, { audience }), { cancellation: waiting })).toEqual({
				view: { view: "approval", cancellation: waiting, conversationKey, audience },
				locale: "de-DE",
			});
	});

	it.each(["reminder", "review"])("is for those whom it is meant for: %s", async (kind) => {
		const { view } = (await packed(about(kind, { audience }), { cancellation: waiting })) ?? {};
		expect(view).toEqual({ view: kind, cancellation: waiting, conversationKey, audience });
	});

	it.each(["approval", "reminder"])(
		"asks nobody any more what has been decided, where nobody has seen the question: %s",
		async (kind) => {
			const cancellation = record();
			expect(await packed(about(kind), { cancellation })).toBeUndefined();
			const seen = { view: { view: kind, cancellation, conversationKey } };
			expect(await packed(about(kind, { activityId: "a" }), { cancellation })).toMatchObject(seen);
			expect(await packed(about(kind, { unclear: 1 }), { cancellation })).toMatchObject(seen);
			expect(await packed(about(kind), { cancellation: waiting })).toBeDefined();
		},
	);

	it.each(["live", "review"])("is shown also when nobody has seen it and nothing waits: %s", async (kind) => {
		expect(await packed(about(kind), { cancellation: record() })).toBeDefined();
	});

	it("says that it counts when an earlier one may stand above it", async () => {
		const view = async (kind: string, cancellation: object, unclear: number) =>
			(await packed(about(kind, { unclear }), { cancellation }))?.view;
		expect(await view("live", record(), 1)).toMatchObject({ view: "live", supersedes: true });
		expect(await view("live", record(), 0)).not.toHaveProperty("supersedes");
		expect(await view("approval", waiting, 1)).toMatchObject({ view: "approval", supersedes: true });
		expect(await view("approval", waiting, 0)).not.toHaveProperty("supersedes");
	});

	it.each(["unconfirmed", "failed", "sent", "pending"] as const)(
		"says on the live card whether the announcement was missed: %s",
		async (followUp) => {
			const missed = followUp === "unconfirmed" || followUp === "failed";
			const { view } = (await packed(about("live"), { cancellation: record({ outcome }), followUp })) ?? {};
			expect("announcementMissed" in (view ?? {})).toBe(missed);
			// Nothing was to be announced yet.
			const earlier = (await packed(about("live"), { cancellation: record(), followUp }))?.view;
			expect(earlier).not.toHaveProperty("announcementMissed");
		},
	);
});

describe("an answer", () => {
	const answer = { kind: "answer", requestId: "r" };
	const jobs = { view: "help" } as unknown as View;
	const ask = (changed: { answer?: Answer; locale?: string }, cancellation?: object) =>
		packed(answer, { request: changed, ...(cancellation && { cancellation }) });

	it("says nothing without its request", async () => {
		expect(await packed(answer)).toBeUndefined();
	});

	it("says what is being checked until it is there, and is to become the answer", async () => {
		expect(await ask({ locale: "fr-FR" })).toEqual({
			view: { view: "working", requestId: "r", becomesAnswer: true },
			locale: "fr-FR",
		});
	});

	it("is what was found, in the language of who asked", async () => {
		expect(await ask({ answer: { kind: "view", view: jobs }, locale: "es-ES" })).toEqual({
			view: jobs,
			locale: "es-ES",
		});
	});

	it("is nothing where a card that follows the job says it", async () => {
		expect(await ask({ answer: { kind: "followed", incidentId: "i" } }, { id: "c" })).toBeUndefined();
	});

	it("is nothing where the live card says it, and a copy of that where it stands elsewhere", async () => {
		const cancellation = { id: "c" };
		const answered = { kind: "cancellation", cancellationId: "c" } as const;
		expect(await ask({ answer: answered }, cancellation)).toBeUndefined();
		expect(await ask({ answer: { ...answered, copied: true } })).toBeUndefined();
		expect(await ask({ answer: { ...answered, copied: true }, locale: "de-DE" }, cancellation)).toEqual({
			view: { view: "live", cancellation, conversationKey, copiedAt: at.toISOString() },
			locale: "de-DE",
		});
	});

	it.each(["approval", "review"] as const)(
		"is told in words when it was drawn for a pressed card and came too late for that: %s",
		async (name) => {
			const cancellation = { id: "c" } as Cancellation;
			const note = { kind: "done", what: "approved" } as const;
			const pressed = { view: name, cancellation, conversationKey, viewer: anna, note } as unknown as View;
			const view = async (shown: object) =>
				(await ask({ answer: { kind: "view", view: shown as View } }))?.view;
			expect(await view(pressed)).toEqual({ view: "told", cancellation, actor: anna, note });
			for (const missing of ["note", "viewer"]) {
				const { [missing]: _, ...rest } = { ...pressed } as Record<string, unknown>;
				expect(await view(rest)).toEqual(rest);
			}
			expect(await view({ ...pressed, view: "why" })).toEqual({ ...pressed, view: "why" });
		},
	);
});

describe("a message to whoever is on call", () => {
	const incident = openIncident("i", "tenant", runningJob(), at);
	const tells = { what: "sum", running: [], others: 0, at: at.toISOString() } as const;

	it("shows its job, in the language of nobody in particular", async () => {
		for (const kind of ["alert", "follow"])
			expect(await packed({ kind, incidentId: "i" }, { incident })).toEqual({
				view: { view: kind, incident, at: at.toISOString() },
				locale: undefined,
			});
	});

	it("tells its news", async () => {
		const news: News = { conversationKey, place: "post", tells };
		for (const kind of ["news", "page"])
			expect(await packed({ kind, newsId: "n" }, { news })).toEqual({
				view: { view: "news", tells },
				locale: undefined,
			});
	});

	it("says nothing of what has been forgotten", async () => {
		expect(await packed({ kind: "alert", incidentId: "i" })).toBeUndefined();
		expect(await packed({ kind: "news", newsId: "n" })).toBeUndefined();
	});
});
