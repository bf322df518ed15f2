import { describe, expect, it } from "@jest/globals";
import { escalated, escalationDue } from "../../../src/core/on-call/escalating.js";
import type { Incident } from "../../../src/core/on-call/incident.js";
import { lapse, take } from "../../../src/core/on-call/taking.js";
import { incident, minute, person } from "./on-call-story.js";

const ACK_MS = 10 * 60_000;
const alerted = incident({ escalation: { step: 0, since: minute(0).toISOString() } });

function taken(of = alerted, at = 1): Incident {
	const handed = take(of, person("Anna"), 0, minute(at));
	if (handed.kind !== "taken") throw new Error(handed.kind);
	return handed.incident;
}

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

	it("begins also for a job whose kind is not known", () => {
		const unknown = incident({ escalation: alerted.escalation }, { kind: "unknown" });
		expect(due(unknown, 10)).toBe(1);
	});

	it("rests while somebody has it or is cancelling it", () => {
		expect(due(taken(), 1_000)).toBeUndefined();
		expect(due(alerted, 1_000, true)).toBeUndefined();
	});

	it("begins anew when it is nobody's again", () => {
		const called = escalated(alerted, 1, minute(10));
		const free = lapse(taken(called, 12), minute(30));
		expect(due(free, 39.9)).toBeUndefined();
		expect(due(free, 40)).toBe(1);
	});
});
