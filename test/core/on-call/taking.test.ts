import { describe, expect, it } from "@jest/globals";
import { escalated, escalationDue } from "../../../src/core/on-call/escalating.js";
import type { Incident } from "../../../src/core/on-call/incident.js";
import { ask, lapse, promiseDue, release, take } from "../../../src/core/on-call/taking.js";
import { incident, minute, person } from "./on-call-story.js";

const anna = person("Anna");
const ben = person("Ben");
const ACK_MS = 10 * 60_000;
const alerted = incident({ escalation: { step: 0, since: minute(0).toISOString() } });

function takenBy(actor = anna, minutes?: number, at = 1): Incident {
	const handed = take(alerted, actor, 0, minute(at), minutes);
	if (handed.kind !== "taken") throw new Error(handed.kind);
	return handed.incident;
}

describe("taking an incident", () => {
	it("notes who has it, since when, and until when they promised to", () => {
		expect(takenBy().taker).toEqual({ actor: anna, at: minute(1).toISOString() });
		expect(takenBy(anna, 20).taker).toMatchObject({ until: minute(21).toISOString() });
	});

	it("takes over what the card showed as somebody's, and says whose it was", () => {
		const handed = take(takenBy(), ben, 1, minute(5));
		expect(handed).toMatchObject({
			kind: "taken",
			from: { actor: anna },
			incident: { taker: { actor: ben } },
		});
	});

	it("tells the second of two who press at once of the first", () => {
		expect(take(takenBy(), ben, 0, minute(1))).toEqual({ kind: "meanwhile" });
	});

	it("lets the same person promise anew from any card of theirs", () => {
		const handed = take(takenBy(anna, 20), anna, 0, minute(15), 30);
		expect(handed).toMatchObject({ kind: "taken", incident: { taker: { until: minute(45).toISOString() } } });
	});

	it("is not possible once the job is over, and neither is releasing it", () => {
		const over = { ...takenBy(), overAt: minute(4).toISOString() };
		expect(take(over, ben, 1, minute(5))).toEqual({ kind: "over" });
		expect(release(over, anna, minute(5))).toEqual({ kind: "over" });
	});
});

describe("releasing an incident", () => {
	it("is for who has it; others take it over", () => {
		expect(release(takenBy(), ben, minute(2))).toEqual({ kind: "not-yours" });
		expect(release(alerted, anna, minute(2))).toEqual({ kind: "meanwhile" });
		const handed = release(takenBy(), anna, minute(2));
		expect(handed).toMatchObject({ kind: "released", from: { actor: anna }, incident: { turn: 2 } });
		expect(handed.kind === "released" && handed.incident).not.toHaveProperty("taker");
	});
});

describe("a promise that has run out", () => {
	it("is asked about, and ends when nobody answers for five minutes", () => {
		const promised = takenBy(anna, 20);
		expect(promiseDue(promised, minute(20.9))).toBeUndefined();
		expect(promiseDue(promised, minute(21))).toBe("ask");
		const asked = ask(promised, minute(21));
		expect(promiseDue(asked, minute(25.9))).toBeUndefined();
		expect(promiseDue(asked, minute(26))).toBe("lapse");
		expect(lapse(asked, minute(26))).not.toHaveProperty("taker");
	});

	it("is none when no time was promised, or nobody has it, or the job is over", () => {
		expect(promiseDue(takenBy(), minute(10_000))).toBeUndefined();
		expect(promiseDue(alerted, minute(10_000))).toBeUndefined();
		expect(promiseDue({ ...takenBy(anna, 20), overAt: minute(5).toISOString() }, minute(60))).toBeUndefined();
		expect(ask(alerted, minute(1))).toEqual(alerted);
	});
});

describe("escalating", () => {
	const due = (of: Incident, minutes: number, acting = false) =>
		escalationDue(of, acting, minute(minutes), ACK_MS);

	it("goes to who is on call, then to everybody who takes escalations, and then no further", () => {
		expect(due(alerted, 9.9)).toBeUndefined();
		expect(due(alerted, 10)).toBe(1);
		const called = escalated(alerted, 1, minute(10));
		expect(due(called, 19.9)).toBeUndefined();
		expect(due(called, 20)).toBe(2);
		expect(due(escalated(called, 2, minute(20)), 1_000)).toBeUndefined();
	});

	it("does not begin before anybody was told, nor for a preview, nor after the end", () => {
		expect(due(incident(), 1_000)).toBeUndefined();
		expect(due(incident({ escalation: alerted.escalation }, { kind: "preview" }), 10)).toBeUndefined();
		expect(due(incident({ escalation: alerted.escalation }, { status: "failed" }), 10)).toBeUndefined();
		expect(due({ ...alerted, overAt: minute(5).toISOString() }, 10)).toBeUndefined();
	});

	it("rests while somebody has it or is cancelling it", () => {
		expect(due(takenBy(), 1_000)).toBeUndefined();
		expect(due(alerted, 1_000, true)).toBeUndefined();
	});

	it("begins anew when it is nobody's again", () => {
		const called = escalated(alerted, 1, minute(10));
		const taken = take(called, anna, 0, minute(12));
		if (taken.kind !== "taken") throw new Error(taken.kind);
		const free = lapse(taken.incident, minute(30));
		expect(due(free, 39.9)).toBeUndefined();
		expect(due(free, 40)).toBe(1);
	});
});
