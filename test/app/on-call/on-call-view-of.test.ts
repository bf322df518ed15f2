import { describe, expect, it } from "@jest/globals";
import { onCallViewOf } from "../../../src/app/on-call/on-call-view-of.js";
import type { Message } from "../../../src/app/store.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import { type Incident, openIncident } from "../../../src/core/on-call/incident.js";
import type { Tells } from "../../../src/core/on-call/news.js";
import { runningJob } from "../world.js";

type OnCallMessage = Extract<Message, { incidentId: string } | { newsId: string }>;

const at = new Date("2026-11-23T03:00:00Z");
const later = (ms: number) => new Date(at.getTime() + ms);
const incident = openIncident("incident-1", "tenant", runningJob(), at);
const tells: Tells = { what: "sum", running: [], others: 0, at: at.toISOString() };
const cancellation = { id: "cancellation-1" } as Cancellation;

const common = {
	id: "m",
	conversationKey: "chat",
	createdAt: at,
	state: "pending",
	tries: 0,
	unclear: 0,
} as const;
const news = (changed = {}): OnCallMessage => ({ ...common, kind: "news", newsId: "news-1", ...changed });
const alert = (changed = {}): OnCallMessage => ({
	...common,
	kind: "alert",
	incidentId: "incident-1",
	...changed,
});

function show(
	message: OnCallMessage,
	now: Date,
	there: { incident?: Incident; cancellation?: Cancellation } = {},
) {
	return onCallViewOf(
		{
			incident: async (id) => (id === there.incident?.id ? there.incident : undefined),
			latestCancellation: async (tenantId, jobId) =>
				tenantId === incident.tenantId && jobId === incident.job.id ? there.cancellation : undefined,
			news: async (id) =>
				id === "news-1" ? { id, conversationKey: "chat", place: "post", tells } : undefined,
		},
		message,
		now,
	);
}

describe("a message to whoever is on call", () => {
	it("says how late it is from a minute on, and never on a card that is brought up to date", async () => {
		expect(await show(news(), later(59_999))).toEqual({ view: "news", tells });
		expect(await show(news(), later(60_000))).toEqual({ view: "news", tells, lateMs: 60_000 });
		expect(await show(news({ activityId: "a-1" }), later(90_000))).toEqual({ view: "news", tells });
	});

	it("says that it may be there twice when nobody knows whether it arrived", async () => {
		expect(await show(news({ unclear: 1 }), at)).toEqual({ view: "news", tells, mayRepeat: true });
	});

	it("shows the job, and what became of cancelling it, as they are now", async () => {
		const card = { view: "alert", incident, at: later(1).toISOString() };
		expect(await show(alert(), later(1), { incident })).toEqual(card);
		expect(await show(alert(), later(1), { incident, cancellation })).toEqual({ ...card, cancellation });
	});

	it("says nothing of what is forgotten", async () => {
		expect(await show(alert(), at)).toBeUndefined();
		expect(await show(news({ newsId: "news-2" }), at)).toBeUndefined();
	});
});
