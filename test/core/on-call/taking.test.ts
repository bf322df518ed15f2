import { describe, expect, it } from "@jest/globals";
import type { Incident } from "../../../src/core/on-call/incident.js";
import { ask, lapse, promiseDue, release, take } from "../../../src/core/on-call/taking.js";
import { incident, minute, person } from "./on-call-story.js";

const anna = person("Anna");
const ben = person("Ben");
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

	it("has the wait for the next step begin anew", () => {
		expect(takenBy().escalation).toEqual({ step: 0, since: minute(1).toISOString() });
	});

	it("starts no wait for the next step where none had begun", () => {
		const handed = take(incident(), anna, 0, minute(1));
		expect(handed).toMatchObject({ incident: { turn: 1, escalation: { step: 0 } } });
		expect(handed.kind === "taken" && handed.incident.escalation).not.toHaveProperty("since");
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
