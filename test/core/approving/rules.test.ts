import { describe, expect, it } from "@jest/globals";
import {
	countedApprovals,
	type Decidable,
	decisionOf,
	isCarriedBy,
	isOverdue,
	missingApprovals,
	objectionToAcknowledging,
	objectionToDecision,
	objectionToGoingAlone,
	objectionToWithdrawal,
	peopleBehind,
	rejectionOf,
} from "../../../src/core/approving/rules.js";
import type { Cancellation } from "../../../src/core/cancelling/cancellation.js";
import { anna, bernard, grant, joined, MINUTE, opened, play, START } from "../cancelling/story.js";
import { ahead, approve, asked, clara, dora, reject, rolesRead, withdraw } from "./story.js";

const IN_TIME = new Date(START.getTime() + 5 * MINUTE);
const DEADLINE = new Date(START.getTime() + 60 * MINUTE);
const waiting = asked({ required: 2 }).record;
const underWay = play([approve(bernard)], asked().record).record;
const two = asked({ mode: "two-person", entitled: true }).record;

describe("what keeps a press from deciding a request", () => {
	const said = (
		record: Cancellation,
		actor = bernard,
		more: { no?: true; edition?: number } = {},
		at = IN_TIME,
	) => {
		const { no, ...edition } = more;
		return objectionToDecision(record, { actor, verdict: no ? "reject" : "approve", ...edition }, at);
	};

	it("is nothing, for whoever did not ask, up to the deadline", () => {
		expect(said(waiting)).toBeUndefined();
		expect(said(waiting, bernard, { edition: 1 })).toBeUndefined();
	});

	it("is that it is decided already", () => {
		expect(said(underWay, clara)).toBe("not-waiting");
	});

	it("is that its time is over, from the deadline's moment on", () => {
		expect(said(waiting, bernard, {}, DEADLINE)).toBe("expired");
	});

	it("is that one asked for it, also who has withdrawn since", () => {
		expect(said(waiting, anna)).toBe("own-request");
		const passedOn = play([joined(), withdraw()], waiting).record;
		expect(said(passedOn, anna)).toBe("own-request");
		expect(said(passedOn, bernard)).toBe("own-request");
	});

	it("is that the card showed something else", () => {
		expect(said(waiting, bernard, { edition: 2 })).toBe("stale");
	});

	it("is for a second yes of the same person that there is one, which a no still follows", () => {
		const once = play([approve(bernard)], waiting).record;
		expect(said(once)).toBe("already-approved");
		expect(said(once, bernard, { no: true })).toBeUndefined();
		expect(said(once, clara)).toBeUndefined();
	});
});

describe("the deadline of a request", () => {
	it("is over from its moment on, and never where nobody has to decide", () => {
		expect(isOverdue(waiting, new Date(DEADLINE.getTime() - 1))).toBe(false);
		expect(isOverdue(waiting, DEADLINE)).toBe(true);
		expect(isOverdue(opened().record, DEADLINE)).toBe(false);
	});
});

describe("what keeps somebody from withdrawing a request", () => {
	it("is that it is somebody else's, or decided, or over", () => {
		expect(objectionToWithdrawal(waiting, anna, IN_TIME)).toBeUndefined();
		expect(objectionToWithdrawal(waiting, bernard, IN_TIME)).toBe("not-requester");
		expect(objectionToWithdrawal(underWay, anna, IN_TIME)).toBe("not-waiting");
		expect(objectionToWithdrawal(waiting, anna, DEADLINE)).toBe("expired");
	});
});

describe("what keeps somebody from going ahead alone", () => {
	const alone = { emergency: false };

	it("is that it takes two people, unless it is an emergency with a reason", () => {
		expect(objectionToGoingAlone(waiting, alone, IN_TIME)).toBeUndefined();
		expect(objectionToGoingAlone(two, alone, IN_TIME)).toBe("second-person");
		expect(objectionToGoingAlone(two, { emergency: true }, IN_TIME)).toBe("no-reason");
		expect(
			objectionToGoingAlone(two, { emergency: true, reason: "users are lost" }, IN_TIME),
		).toBeUndefined();
	});

	it("is that it is decided, or over", () => {
		expect(objectionToGoingAlone(underWay, alone, IN_TIME)).toBe("not-waiting");
		expect(objectionToGoingAlone(waiting, alone, DEADLINE)).toBe("expired");
	});
});

describe("what keeps somebody from closing the review of an emergency", () => {
	const used = play([ahead(clara, true, "users are lost")], two).record;

	it("is that they used it, that it is closed, or that there was none", () => {
		expect(objectionToAcknowledging(used, bernard)).toBeUndefined();
		expect(objectionToAcknowledging(used, clara)).toBe("own-emergency");
		const closed = play([{ kind: "review-acknowledged", actor: bernard, grant }], used).record;
		expect(objectionToAcknowledging(closed, dora)).toBe("already-acknowledged");
		expect(objectionToAcknowledging(underWay, bernard)).toBe("no-review");
	});

	it("is, for each of several who used it, that they did", () => {
		const twice = play([rolesRead([], [clara]), ahead(dora, true, "still lost")], used).record;
		expect(objectionToAcknowledging(twice, clara)).toBe("own-emergency");
		expect(objectionToAcknowledging(twice, dora)).toBe("own-emergency");
		expect(objectionToAcknowledging(twice, bernard)).toBeUndefined();
	});
});

describe("who stands behind a cancellation", () => {
	it("is nobody before it is let through", () => {
		expect(peopleBehind(waiting)).toBeUndefined();
	});

	it("are its approvers, and of two people also who asked first", () => {
		expect(peopleBehind(underWay)).toEqual([bernard]);
		expect(peopleBehind(play([approve(bernard)], two).record)).toEqual([anna, bernard]);
		expect(peopleBehind(play([approve(bernard)], asked({ entitled: true }).record).record)).toEqual([
			bernard,
		]);
		const neither = asked({ mode: "two-person" }).record;
		expect(peopleBehind(play([approve(bernard), approve(clara)], neither).record)).toEqual([bernard, clara]);
	});

	it("is whoever went ahead alone, and nobody else", () => {
		const alone = play([approve(bernard), ahead(clara)], waiting).record;
		expect(peopleBehind(alone)).toEqual([clara]);
		expect(isCarriedBy(alone, [bernard])).toBe(false);
		expect(isCarriedBy(alone, [clara])).toBe(true);
	});
});

describe("the approvals of a request", () => {
	const missing = (mode: "on-request" | "two-person", entitled: boolean, required: number) =>
		missingApprovals(asked({ mode, entitled, required }).record as Decidable);

	it("are as many as were required, and at least two people in all where two decide", () => {
		expect(missing("on-request", false, 1)).toBe(1);
		expect(missing("two-person", true, 1)).toBe(1);
		expect(missing("two-person", false, 1)).toBe(2);
		expect(missing("two-person", false, 3)).toBe(3);
	});

	it("are never less than none missing", () => {
		const once = play([approve(bernard)], waiting).record as Decidable;
		expect(missingApprovals({ ...once, approval: { ...once.approval, required: 0 } })).toBe(0);
	});

	it("are the yeses of people who neither asked nor lost the role", () => {
		const givers = (record: Cancellation) => countedApprovals(record).map(({ actor }) => actor);
		const both = play([approve(bernard), approve(clara)], waiting).record;
		expect(givers(both)).toEqual([bernard, clara]);
		const one = play([rolesRead([clara], [bernard])], both).record;
		expect(givers(one)).toEqual([clara]);
		expect(givers(play([approve(bernard)], one).record)).toEqual([clara, bernard]);
		expect(givers({ ...both, requester: clara })).toEqual([bernard]);
		expect(givers(waiting)).toEqual([]);
	});

	it("are one person's last word", () => {
		const changed = play([approve(bernard), reject(bernard)], waiting).record;
		expect(decisionOf(changed, bernard)?.verdict).toBe("reject");
		expect(decisionOf(changed, clara)).toBeUndefined();
		expect(countedApprovals(changed)).toEqual([]);
	});

	it("carry it to Graph if enough of their givers were just seen to hold the role", () => {
		expect(isCarriedBy(underWay, [])).toBe(false);
		expect(isCarriedBy(underWay, [clara])).toBe(false);
		expect(isCarriedBy(underWay, [clara, bernard])).toBe(true);
		const pair = play([approve(bernard)], two).record;
		expect(isCarriedBy(pair, [bernard])).toBe(false);
		expect(isCarriedBy(pair, [anna, bernard])).toBe(true);
		// Whoever was not entitled then does not become one of the two.
		const others = play(
			[approve(bernard), approve(clara)],
			asked({ mode: "two-person", entitled: false }).record,
		).record;
		expect(isCarriedBy(others, [anna, bernard])).toBe(false);
		expect(isCarriedBy(others, [bernard, clara])).toBe(true);
	});

	it("are nobody's business where nobody had to be asked", () => {
		expect(isCarriedBy(opened().record, [])).toBe(true);
	});
});

describe("the no that ended a request", () => {
	it("is the one among its decisions, where there is one", () => {
		const no = play([approve(bernard), reject(clara, { comment: "wrong job" })], waiting).record;
		expect(rejectionOf(no)).toMatchObject({ actor: clara, comment: "wrong job" });
		expect(rejectionOf(underWay)).toBeUndefined();
		expect(rejectionOf(waiting)).toBeUndefined();
	});
});
