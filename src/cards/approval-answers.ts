import type { GroupNames, View } from "../app/views.js";
import type { Decision } from "../core/approving/approval.js";
import { neededApprovals } from "../core/approving/rules.js";
import type { Cancellation } from "../core/cancelling/cancellation.js";
import type { Grant } from "../core/person.js";
import { earlierNo } from "./approval-face.js";
import { approvalsSoFar, saidBy } from "./approval-words.js";
import { openAdminCenter, showJob } from "./buttons.js";
import { type Face, face, facts, notes, SYMBOLS } from "./face.js";
import { shortId } from "./job-words.js";
import type { Pen } from "./pen.js";
import { grantWords, roleNames } from "./role-face.js";
import { moment } from "./times.js";
import { escapeText, personName, quoted } from "./user-text.js";
import { branch } from "./words.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

const EXAMPLE_RECEIPT = "RC-7F3K9Q";
const LONGEST_REFERENCE = 100;
/** Requests that a list shows. */
const LISTED = 10;

/** Which rule decided, on which evidence, and who decided when. */
export function whyFace({ cancellation: record, groupNames }: ViewOf<"why">, pen: Pen): Face {
	const { words } = pen;
	const { say } = words;
	const { approval, goAhead, attempts, decisions = [], review } = record;
	const last = attempts.at(-1);
	const held = last?.held ?? (last ? [{ actor: last.by, grant: last.grant }] : []);
	return face({
		tone: "default",
		symbol: SYMBOLS.none,
		title: say("why.title", { receipt: record.receipt }),
		lead: say("why.state", { state: branch(record.outcome?.state ?? record.state) }),
		subject: say("summary.job", { id: shortId(record.jobId) }),
		facts: facts(
			[say("why.rule"), ruleWords(record, pen), "wide"],
			[
				say("facts.askedBy"),
				say("facts.askedByAt", {
					name: personName(record.requester.name, words),
					moment: moment(record.openedAt, pen),
				}),
				"wide",
			],
			...decisions.map(
				(decision) =>
					[
						say(decision.verdict === "approve" ? "why.approvedBy" : "why.rejectedBy"),
						decisionWords(decision, groupNames, pen),
						"wide",
					] as const,
			),
			[say("why.approvals"), approvalsSoFar(record, words), "wide"],
			[say("why.deadline"), moment(approval?.expiresAt, pen)],
			[say("why.letThrough"), moment(goAhead?.at, pen)],
			[say("why.wentAhead"), goAhead && goAhead.way !== "approved" ? personName(goAhead.by.name, words) : ""],
			[
				say("why.seenBefore"),
				words.list(
					held.map(({ actor, grant }) =>
						say("why.holder", {
							name: personName(actor.name, words),
							grant: grantWords(grant, groupNames, words),
						}),
					),
				),
				"wide",
			],
			[
				say("why.review"),
				review &&
					(review.acknowledged
						? say("why.reviewClosed", {
								name: personName(review.acknowledged.actor.name, words),
								moment: moment(review.acknowledged.at, pen),
							})
						: say("why.reviewOpen")),
				"wide",
			],
		),
		notes: notes(earlierNo(record, pen)),
	});
}

function ruleWords({ approval, goAhead }: Cancellation, { words: { say } }: Pen): string {
	const mode = approval?.mode ?? "";
	switch (goAhead?.way) {
		case undefined:
			return approval
				? say("why.ruleApprovers", { mode, count: neededApprovals(approval) })
				: say("why.ruleAlone");
		case "approved":
			return say("why.ruleApproved", { mode });
		case "alone":
			return say("why.ruleCarriedOut");
		case "emergency":
			return say("why.ruleEmergency");
	}
}

function decisionWords(
	decision: Decision & { readonly grant: Grant },
	groupNames: GroupNames | undefined,
	pen: Pen,
): string {
	const { words } = pen;
	const values = {
		name: saidBy(decision, words),
		moment: moment(decision.at, pen),
		grant: grantWords(decision.grant, groupNames, words),
	};
	return decision.lost
		? words.say("why.decisionLost", { ...values, lost: moment(decision.lost.at, pen) })
		: words.say("why.decision", values);
}

/** What cancelling would come to, without doing it. */
export function canIFace(view: ViewOf<"can-i">, pen: Pen): Face {
	const { words } = pen;
	const { say } = words;
	const { answer } = view;
	const no = answer === "no";
	return face({
		tone: answer === "yes" ? "good" : no ? "attention" : "default",
		symbol: answer === "yes" ? SYMBOLS.yes : no ? SYMBOLS.no : SYMBOLS.none,
		title: say(answer === "yes" ? "canI.yesTitle" : no ? "canI.noTitle" : "canI.title"),
		lead: canIWords(view, pen),
		subject: say("summary.job", { id: shortId(view.jobId) }),
		facts: facts(
			[say("facts.job"), escapeText(view.jobId), "wide"],
			[say("canI.rule"), escapeText(view.rule)],
			[say("facts.whatAllows"), roleNames(view.grantingRoles, words), "wide"],
		),
		smallPrint: notes(say("canI.nothingDone", { moment: moment(view.at, pen) })),
		buttons: no ? [openAdminCenter(pen)] : [showJob(pen, view.jobId)],
	});
}

function canIWords({ answer, open, needed = 0 }: ViewOf<"can-i">, { words: { say } }: Pen): string {
	const receipt = open?.receipt ?? "";
	switch (answer) {
		case "yes":
			return open ? say("canI.yesOpen", { receipt }) : say("canI.yes");
		case "with-others":
			return open ? say("canI.withOthersOpen", { receipt }) : say("canI.withOthers", { count: needed });
		case "by-asking":
			return say("canI.byAsking", { count: needed });
		case "no":
			return say("canI.no");
		case "ended":
			return say("canI.ended");
	}
}

/** What waits for approval and may be decided by who asks. */
export function approvalsFace({ waiting, at }: ViewOf<"approvals">, pen: Pen): Face {
	const { words } = pen;
	const { say } = words;
	const none = waiting.length === 0;
	return face({
		tone: none ? "default" : "warning",
		symbol: none ? SYMBOLS.none : SYMBOLS.unclear,
		title: say("waiting.title", { count: waiting.length }),
		facts: waiting.slice(0, LISTED).map((record) => ({
			title: record.receipt,
			value: say("waiting.row", {
				name: personName(record.requester.name, words),
				kind: record.jobKind,
				approvals: approvalsSoFar(record, words),
				moment: moment(record.approval?.expiresAt, pen),
			}),
			wide: true,
		})),
		notes: notes(
			none
				? undefined
				: say("waiting.type", {
						approve: words.literal("approve RC-…"),
						reject: words.literal("reject RC-… because …"),
					}),
		),
		smallPrint: notes(say("waiting.read", { moment: moment(at, pen) })),
	});
}

export function approvalsHereFace({ on, changed }: ViewOf<"approvals-here">, { words: { say } }: Pen): Face {
	return face({
		tone: "default",
		symbol: SYMBOLS.none,
		title: say(on ? "approvalsHere.on" : "approvalsHere.off"),
		lead: changed ? "" : say("approvalsHere.already"),
		notes: notes(
			on
				? say("approvalsHere.undo", { command: "approvals off" })
				: say("approvalsHere.show", { command: "approvals here" }),
		),
	});
}

export function noSuchRequestFace({ reference }: ViewOf<"no-such-request">, { words }: Pen): Face {
	const { say } = words;
	return face({
		tone: "default",
		symbol: SYMBOLS.unclear,
		title: say("noSuchRequest.title"),
		lead: say("noSuchRequest.lead", { example: EXAMPLE_RECEIPT }),
		quote: quoted(reference, LONGEST_REFERENCE, words),
	});
}
