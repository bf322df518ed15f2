import { describe, expect, it } from "@jest/globals";
import { dueAlerts, isSummedUp } from "../../../src/core/on-call/due-alerts.js";
import type { Incident } from "../../../src/core/on-call/incident.js";
import { alerts, incident, minute, person } from "./on-call-story.js";

const HOUR = 60;
const due = (of: Incident, minutes: number, filters = {}, acting = false) =>
	dueAlerts(of, alerts(filters), acting, minute(minutes));
const ended = (status: string, minutes: number, kind: "recovery" | "preview" = "recovery") =>
	incident({}, { kind, status, endedAt: minute(minutes).toISOString() });

describe("what a conversation has to be told of a job", () => {
	it("is the start of a recovery at once, and of a preview after half a minute", () => {
		expect(due(incident(), 0)).toEqual(["started"]);
		const preview = incident({}, { kind: "preview" });
		expect(due(preview, 0.49)).toEqual([]);
		expect(due(preview, 0.5)).toEqual(["started"]);
	});

	it("is the end, also of a preview that was over before its start would have been told", () => {
		expect(due(ended("failed", 5), 5)).toEqual(["failed"]);
		expect(due(ended("successful", 5), 5)).toEqual(["finished"]);
		expect(due(ended("abandoned", 5), 5)).toEqual(["finished"]);
		expect(due(ended("successful", 0.2, "preview"), 0.3)).toEqual(["finished"]);
	});

	it("is everything once", () => {
		const told = { told: { started: ["channel"], failed: ["channel"] } };
		expect(due(incident(told), 1)).toEqual([]);
		expect(due({ ...ended("failed", 5), ...told }, 5)).toEqual([]);
		expect(due(incident({ told: { started: ["another"] } }), 1)).toEqual(["started"]);
	});

	it("is that it is stuck when a phase takes longer than Microsoft says, until it has ended", () => {
		const told = { told: { started: ["channel"] } };
		const loading = incident(told, { status: "loadingData" });
		expect(due(loading, 2.5 * HOUR)).toEqual([]);
		expect(due(loading, 2.51 * HOUR)).toEqual(["stuck"]);
		expect(due(incident(told, { status: "somethingNew" }), 100 * HOUR)).toEqual([]);
	});

	it("is that it is stuck once", () => {
		const told = { told: { started: ["channel"], stuck: ["channel"] } };
		expect(due(incident(told, { status: "loadingData" }), 3 * HOUR)).toEqual([]);
	});

	it("is not that it is stuck while somebody has it or cancels it", () => {
		const stuck = incident({ told: { started: ["channel"] } }, { status: "loadingData" });
		const taker = { actor: person("Anna"), at: minute(1).toISOString() };
		expect(due({ ...stuck, taker }, 3 * HOUR)).toEqual([]);
		expect(due(stuck, 3 * HOUR, {}, true)).toEqual([]);
	});

	it("counts a phase from when it was first seen", () => {
		const later = { told: { started: ["channel"] }, phaseSince: minute(HOUR).toISOString() };
		expect(due(incident(later, { status: "loadingData" }), 3 * HOUR)).toEqual([]);
	});

	it("passes every filter: the kind, how long it has run, and whether it failed", () => {
		expect(due(incident(), 0, { kinds: ["preview"] })).toEqual([]);
		expect(due(incident(), 0, { failedOnly: true })).toEqual([]);
		expect(due(ended("successful", 5), 5, { failedOnly: true })).toEqual([]);
		expect(due(ended("failed", 5), 5, { failedOnly: true })).toEqual(["failed"]);
		const long = { longerThanMs: 2 * HOUR * 60_000 };
		expect(due(incident(), 2 * HOUR - 1, long)).toEqual([]);
		expect(due(incident(), 2 * HOUR, long)).toContain("started");
		expect(due(ended("failed", 5), 3 * HOUR, long)).toEqual([]);
		expect(due(ended("failed", 2 * HOUR), 3 * HOUR, long)).toEqual(["failed"]);
	});

	it("counts a job that Graph gives no start from when it was first seen", () => {
		const { startedAt: _unknown, ...job } = incident().job;
		const unknown = incident({ job, openedAt: minute(10).toISOString() });
		expect(due(unknown, 69, { longerThanMs: HOUR * 60_000 })).toEqual([]);
		expect(due(unknown, 70, { longerThanMs: HOUR * 60_000 })).toEqual(["started"]);
	});

	it("is nothing before the jobs that were there have been summed up, and nothing that had been over then", () => {
		const { summedAt: _none, ...fresh } = alerts();
		expect(dueAlerts(incident(), fresh, false, minute(1))).toEqual([]);
		expect(due({ ...ended("failed", 5), overAt: minute(5).toISOString() }, 5)).toEqual([]);
	});

	it("is the start of a job that was summed up only if it had not passed the filters then", () => {
		const summed = { summedAt: minute(HOUR).toISOString() };
		expect(dueAlerts(incident(), alerts({}, summed), false, minute(HOUR))).toEqual([]);
		const long = alerts({ longerThanMs: 2 * HOUR * 60_000 }, summed);
		expect(isSummedUp(incident(), long, minute(HOUR))).toBe(false);
		expect(dueAlerts(incident(), long, false, minute(2 * HOUR))).toEqual(["started"]);
		expect(
			dueAlerts(incident(), alerts({ longerThanMs: HOUR * 60_000 }, summed), false, minute(HOUR)),
		).toEqual([]);
		const together = incident({ openedAt: summed.summedAt });
		expect(dueAlerts(together, alerts({}, summed), false, minute(HOUR))).toEqual([]);
		const late = incident({ openedAt: minute(HOUR + 1).toISOString() });
		expect(dueAlerts(late, alerts({}, summed), false, minute(HOUR + 1))).toEqual(["started"]);
		const end = { ...ended("failed", HOUR + 5) };
		expect(dueAlerts(end, alerts({}, summed), false, minute(HOUR + 5))).toEqual(["failed"]);
	});
});

describe("the jobs that are summed up at the beginning", () => {
	it("are the running ones that pass the filters", () => {
		expect(isSummedUp(incident(), alerts(), minute(1))).toBe(true);
		expect(isSummedUp(incident(), alerts({ kinds: ["preview"] }), minute(1))).toBe(false);
		expect(isSummedUp(ended("failed", 1), alerts(), minute(1))).toBe(false);
		expect(isSummedUp(incident({ overAt: minute(1).toISOString() }), alerts(), minute(1))).toBe(false);
		const long = alerts({ longerThanMs: HOUR * 60_000 });
		expect(isSummedUp(incident(), long, minute(HOUR - 1))).toBe(false);
		expect(isSummedUp(incident(), long, minute(HOUR))).toBe(true);
	});
});
