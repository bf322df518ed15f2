import { describe, expect, it } from "@jest/globals";
import { type ApprovalSettings, needsSecondPerson, termsOf } from "../../../src/core/approving/terms.js";
import { anna, MINUTE, START } from "../cancelling/story.js";
import { settings } from "./story.js";

const inMinutes = (count: number) => new Date(START.getTime() + count * MINUTE).toISOString();
const terms = (changed: Partial<ApprovalSettings>, facts: Partial<Parameters<typeof termsOf>[1]> = {}) =>
	termsOf({ ...settings, ...changed }, { kind: "recovery", entitled: false, ...facts }, START);
const reminders = (changed: Partial<ApprovalSettings>) => terms(changed).remindAt;

describe("a second person", () => {
	it("is needed where two decide, for whatever may change something", () => {
		expect(needsSecondPerson({ mode: "two-person" }, "recovery")).toBe(true);
		expect(needsSecondPerson({ mode: "two-person" }, "unknown")).toBe(true);
		expect(needsSecondPerson({ mode: "two-person" }, "preview")).toBe(false);
	});

	it("is needed nowhere else", () => {
		expect(needsSecondPerson({ mode: "on-request" }, "recovery")).toBe(false);
		expect(needsSecondPerson({ mode: "off" }, "recovery")).toBe(false);
	});
});

describe("the terms of a request", () => {
	it("are those of the settings at the time, in its first edition", () => {
		expect(terms({ mode: "two-person", required: 3 }, { entitled: true })).toEqual({
			mode: "two-person",
			required: 3,
			entitled: true,
			expiresAt: inMinutes(60),
			remindAt: [inMinutes(30), inMinutes(55)],
			edition: 1,
		});
	});

	it("ask for nobody besides the approvers when it is about a preview", () => {
		expect(terms({ mode: "two-person" }, { kind: "preview" }).mode).toBe("on-request");
	});

	it("hold who was found, and the last no", () => {
		const reach = { canDecide: 3, reached: 2 };
		const earlierNo = { receipt: "RC-0", actor: anna, at: inMinutes(-5) };
		expect(terms({}, { reach, earlierNo })).toMatchObject({ reach, earlierNo });
	});
});

describe("the reminders of a request", () => {
	it("come one after the other, whichever is set to be the first", () => {
		expect(reminders({ remindAfterPercent: 90, remindBeforeMs: 40 * MINUTE })).toEqual([
			inMinutes(20),
			inMinutes(54),
		]);
	});

	it("are one when both fall together", () => {
		expect(reminders({ remindAfterPercent: 50, remindBeforeMs: 30 * MINUTE })).toEqual([inMinutes(30)]);
	});

	it("are none where they are turned off", () => {
		expect(reminders({ remindAfterPercent: 0 })).toEqual([inMinutes(55)]);
		expect(reminders({ remindBeforeMs: 0 })).toEqual([inMinutes(30)]);
	});

	it("do not come with the request itself, nor before it, nor with its end", () => {
		expect(reminders({ remindAfterPercent: 100, remindBeforeMs: 60 * MINUTE })).toEqual([]);
		expect(reminders({ remindAfterPercent: 100, remindBeforeMs: 70 * MINUTE })).toEqual([]);
	});
});
