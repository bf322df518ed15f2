import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Edit, engine, withFault } from "./engine.js";
import { property } from "./model.js";

const RULES = "approving/rules.ts";
const WAITING = "approving/awaiting-approval.ts";
const SUBMITTING = "cancelling/submitting.ts";

/** Each rule, and how its being switched off looks in the source. */
const FAULTS: Readonly<Record<string, readonly Edit[]>> = {
	"the requester never decides": [
		[
			RULES,
			"return isSamePerson(requester, person) || askers.some(",
			"return !isSamePerson(requester, person) && askers.some(",
		],
	],
	"whoever joined never decides": [
		[
			RULES,
			"return isSamePerson(requester, person) || askers.some(({ actor }) => isSamePerson(actor, person));",
			"return isSamePerson(requester, person);",
		],
	],
	"whoever has decided does not join": [
		[
			WAITING,
			`if (decisionOf(record, asker.actor)) return { kind: "conflict", why: "who has decided does not ask" };`,
			"",
		],
	],
	"one person counts once": [
		[RULES, "decisionOf(record, decision.actor) === decision &&", ""],
		[RULES, `verdict === "approve" && earlier?.verdict === "approve" && !earlier.lost`, "false"],
	],
	"a second press of the same person does nothing": [
		[RULES, `verdict === "approve" && earlier?.verdict === "approve" && !earlier.lost`, "false"],
	],
	"people are compared by object id, however it is written": [["person.ts", ".toLowerCase()", ""]],
	"as many approve as are required": [
		[
			RULES,
			"neededApprovals(record.approval) - countedApprovals(record).length",
			"1 - countedApprovals(record).length",
		],
	],
	"two others stand behind a job for which nobody entitled asked": [
		[RULES, "Math.max(TWO, required)", "required"],
	],
	"a requester without the role is not one of the two": [
		[RULES, `mode === "two-person" && !entitled ?`, `false ?`],
	],
	"the last approval and the submit are one move": [
		[
			WAITING,
			`? submit(decided, { way: "approved", at })`,
			`? moved(decided, tellFollowers(decided, "live"))`,
		],
	],
	"one rejection ends it": [
		[WAITING, `if (verdict === "reject") return finish(decided, { state: "rejected" }, turn);`, ""],
	],
	"somebody may go from yes to no": [
		[
			RULES,
			`verdict === "approve" && earlier?.verdict === "approve" && !earlier.lost`,
			"earlier !== undefined",
		],
	],
	"nothing is decided at or after the deadline": [
		[
			WAITING,
			'if (!isWaiting(record)) return conflict(record, event);\n\tif (isOverdue(record, turn.now)) return finish(record, { state: "expired" }, turn);',
			"if (!isWaiting(record)) return conflict(record, event);",
		],
	],
	"nothing is sent at or after the deadline": [
		[
			SUBMITTING,
			'return record.goAhead?.way === "approved" && isOverdue(record, now);',
			"return false && isOverdue(record, now);",
		],
	],
	"whoever lost the role no longer counts": [[RULES, "decision.lost === undefined &&", ""]],
	"every approver's role is seen right before the call": [
		[
			RULES,
			"countedApprovals(record).filter(({ actor }) => holds(actor)).length >= needed",
			"countedApprovals(record).length >= needed",
		],
	],
	"an entitled requester's role is seen right before the call": [
		[RULES, "entitled: approval.entitled && holds(record.requester)", "entitled: approval.entitled"],
	],
	"an entitled requester is read, too": [[RULES, `? [record.requester] : [];`, `? [] : [];`]],
	"nothing is sent without looking at who holds the role": [
		[SUBMITTING, "return conflict(record, event);\n\t\t\tconst attempt", "{}\n\t\t\tconst attempt"],
	],
	"with too few left it waits again": [
		[
			SUBMITTING,
			"? awaitApproval(record as Decidable, turn)\n\t\t: stopAsking(record, why, turn);",
			"? stopAsking(record, why, turn)\n\t\t: stopAsking(record, why, turn);",
		],
	],
	"only the requester withdraws": [
		[
			RULES,
			`return isSamePerson(record.requester, actor) ? undefined : "not-requester";`,
			"return undefined;",
		],
	],
	"it passes to the oldest joiner": [
		[WAITING, "askers.find(({ withdrewAt })", "askers.findLast(({ withdrewAt })"],
	],
	"it ends only when nobody asks any more": [[WAITING, "if (!next) return", "if (next || !next) return"]],
	"passing it on takes the entitled one of the two away": [
		[WAITING, "approval: { ...approval, entitled: false, edition", "approval: { ...approval, edition"],
	],
	"an old card decides nothing": [
		[RULES, "edition !== undefined && edition !== record.approval.edition", "false"],
	],
	"nobody goes ahead alone where two are needed": [
		[
			RULES,
			`return record.approval.mode === "on-request" ? undefined : "second-person";`,
			"return undefined;",
		],
	],
	"an emergency needs a reason": [
		[RULES, `return reason === undefined ? "no-reason" : undefined;`, "return undefined;"],
	],
	"whoever went ahead holds the role right before the call": [
		[
			RULES,
			`if (goAhead.way !== "approved") return holds(goAhead.by);`,
			`if (goAhead.way !== "approved") return true;`,
		],
	],
	"whoever used the emergency way does not close its review": [
		[RULES, `if (review.by.some((user) => isSamePerson(user, actor))) return "own-emergency";`, ""],
	],
	"a review is closed once": [
		[RULES, `return review.acknowledged ? "already-acknowledged" : undefined;`, "return undefined;"],
	],
	"a job that ends by itself ends the request": [
		[
			WAITING,
			`if (noted.kind === "moved") return noted;`,
			`if (noted.kind === "moved") return moved(record);`,
		],
	],
	"a step that is planned has a number of its own": [
		[WAITING, "const seq = record.submitSeq + 1;", "const seq = 1;"],
	],
	"a second process does not send beside the first": [
		[SUBMITTING, "if (record.attempts.length !== event.after) return conflict(record, event);", ""],
	],
	"an end is announced": [["cancelling/moves.ts", `, ...tellFollowers(ended, "follow-up")`, ""]],
};

describe("whatever people do in whatever order", () => {
	it("nothing is sent without enough people who hold the role, and it ends once", () => {
		fc.assert(property(engine), { numRuns: 3_000 });
	});

	it.each(Object.entries(FAULTS))("is caught when a rule is switched off: %s", async (_rule, edits) => {
		// Always the same stories: whether a fault is found must not be a matter of luck.
		const found = await withFault(edits, (faulty) =>
			fc.check(property(faulty), { numRuns: 20_000, seed: 1, endOnFailure: true }),
		);
		expect({
			failed: found.failed,
			error: String((found.errorInstance as Error | undefined)?.constructor.name),
		}).toEqual({ failed: true, error: "Broken" });
	});
});
