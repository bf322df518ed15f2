import type { Audience, Note, View } from "../app/views.js";
import {
	countedApprovals,
	decisionOf,
	hasAsked,
	isSamePerson,
	isWaiting,
	neededApprovals,
} from "../core/approving/rules.js";
import type { Cancellation } from "../core/cancelling/cancellation.js";
import { LONGEST_REASON } from "../core/requests/command.js";
import { approvalsSoFar, lostApprovals, noteWords, saidBy } from "./approval-words.js";
import { openWords } from "./cancellation-face.js";
import { type Face, face, facts, notes } from "./face.js";
import { appliedRows, kindWords, sentence, statusWords } from "./job-words.js";
import { outcomeWords } from "./outcome-words.js";
import { duration, moment } from "./times.js";
import { escapeText, mentionName, plainText } from "./user-text.js";

type ViewOf<Name extends View["view"]> = Extract<View, { view: Name }>;

/** What can be pressed, and the people for whom clients ask for a card of their own. */
export interface Pressable {
	readonly buttons: readonly Button[];
	/** The label of the field for a comment; none when it is empty. */
	readonly comment: string;
	readonly refresh?: object;
	readonly entities?: readonly object[];
}

interface Button {
	readonly title: string;
	readonly verb: string;
	readonly style: "default" | "positive" | "destructive";
	readonly id: string;
	readonly version: number;
}

/** Teams asks for cards of their own for so many people at most. */
const MOST_VIEWERS = 60;
const NOTHING: Pressable = { buttons: [], comment: "" };

/** A request that others decide: whole and safe for everybody, or drawn for one person. */
export function approvalFace(view: ViewOf<"approval">): Face & Pressable {
	const { cancellation: record, viewer, note } = view;
	if (!isWaiting(record)) return closedFace(record, note);
	const own = viewer !== undefined && hasAsked(record, viewer);
	const decided = viewer && decisionOf(record, viewer);
	const approved = decided?.verdict === "approve" && !decided.lost;
	const job = kindWords(record.jobKind);
	const title = own
		? "Waiting for somebody to approve"
		: approved
			? "You approved: waiting for others"
			: `Approve or reject: cancel this ${job}?`;
	return {
		...face({
			tone: own || approved ? "accent" : "warning",
			symbol: own || approved ? "…" : "?",
			title,
			lead: `${escapeText(record.requester.name)} asks to cancel a ${job}. Nothing is sent to Graph before enough people have approved, and nothing after ${moment(record.approval.expiresAt)}.`,
			quote: record.reason === undefined ? "" : plainText(record.reason, LONGEST_REASON),
			facts: requestFacts(record),
			notes: notes(
				note && noteWords(record, note),
				leavesBehind(record),
				earlierNo(record),
				reachWords(record, view.audience),
				view.supersedes && "An earlier card of this request may stand above this one; disregard it.",
			),
			smallPrint: notes(`Or type: approve ${record.receipt}, reject ${record.receipt} because …`),
		}),
		...pressable(view, { own, approved }),
	};
}

function closedFace(record: Cancellation, note: Note | undefined): Face & Pressable {
	const words = record.outcome ? outcomeWords(record, record.outcome) : openWords(record);
	return {
		...face({
			...words,
			quote: record.reason === undefined ? "" : plainText(record.reason, LONGEST_REASON),
			facts: requestFacts(record),
			notes: notes(note && noteWords(record, note), words.advice),
		}),
		...NOTHING,
		refresh: refreshFor(record, []),
	};
}

function pressable(
	{ cancellation: record, audience, viewer }: ViewOf<"approval">,
	{ own, approved }: { readonly own: boolean; readonly approved: boolean },
): Pressable {
	const version = record.approval?.edition ?? 0;
	const button = (title: string, verb: string, style: Button["style"] = "default"): Button => ({
		title,
		verb,
		style,
		id: record.id,
		version,
	});
	const withdraws = viewer === undefined || isSamePerson(record.requester, viewer);
	const buttons = [
		...(own || approved ? [] : [button("Approve", "approve", "positive")]),
		...(own ? [] : [button("Reject", "reject", "destructive")]),
		...(withdraws ? [button(viewer ? "Withdraw" : "Withdraw (who asked)", "withdraw")] : []),
		button("Refresh", "refresh-approval"),
	];
	const done = viewer && (own || decisionOf(record, viewer));
	const viewers = viewer
		? done
			? []
			: (audience?.viewers ?? []).filter((one) => isSamePerson({ ...viewer, userId: one.userId }, viewer))
		: viewersOf(record, audience);
	return {
		buttons,
		comment: own ? "" : "Comment (optional; everybody here sees it)",
		refresh: refreshFor(
			record,
			viewers.map(({ channelUserId }) => channelUserId),
		),
	};
}

/** People who may still do something: whoever has decided needs no card of their own any more. */
function viewersOf(record: Cancellation, audience: Audience | undefined) {
	return (audience?.viewers ?? [])
		.filter(({ userId }) => !decisionOf(record, { tenantId: record.tenantId, userId }))
		.slice(0, MOST_VIEWERS);
}

/** For whom clients ask for a card of their own: each update of the card makes each of them ask once. */
export function refreshFor(record: Cancellation, userIds: readonly string[]): object {
	const version = record.approval?.edition ?? 0;
	return {
		action: { type: "Action.Execute", verb: "refresh-approval", data: { id: record.id, version } },
		userIds,
	};
}

function requestFacts(record: Cancellation) {
	const { seen, approval, goAhead } = record;
	const others = [
		...new Map(
			record.askers
				.filter(({ actor, withdrewAt }) => !withdrewAt && !isSamePerson(actor, record.requester))
				.map((asker) => [asker.actor.userId, saidBy({ actor: asker.actor, ...comment(asker.reason) })]),
		).values(),
	];
	return facts(
		["Receipt", record.receipt],
		[sentence(kindWords(record.jobKind)), escapeText(record.jobId)],
		["Asked by", `${escapeText(record.requester.name)}, at ${moment(record.openedAt)}`],
		["Also asked by", others.slice(0, 5).join(", ")],
		["Approved", approvalsSoFar(record)],
		["No longer counts", lostApprovals(record)],
		["Carried out by", goAhead && goAhead.way !== "approved" ? escapeText(goAhead.by.name) : ""],
		["Without the second person", goAhead?.way === "emergency" ? escapeText(goAhead.reason ?? "") : ""],
		["Expires", approval && isWaiting(record) ? moment(approval.expiresAt) : ""],
		["Job shows", seen && `${statusWords(seen.status, seen.counts)}, read at ${moment(seen.at)}`],
		["Running for", seen?.startedAt === undefined ? "" : duration(seen.startedAt, seen.at)],
		["Target state", moment(seen?.targetStateAt)],
		...(record.jobKind === "preview" || !seen ? [] : appliedRows(seen.counts)),
	);
}

function comment(reason: string | undefined): { comment?: string } {
	return reason === undefined ? {} : { comment: reason };
}

function leavesBehind({ jobKind }: Cancellation): string {
	return jobKind === "preview"
		? "A preview changes nothing in the directory; cancelling it leaves nothing behind."
		: "Cancelling is not an undo: what the job has already applied stays applied.";
}

function earlierNo({ approval }: Cancellation): string | undefined {
	const no = approval?.earlierNo;
	return no && `${saidBy(no)} rejected the same before, at ${moment(no.at)} (${no.receipt}).`;
}

function reachWords({ approval, receipt }: Cancellation, audience: Audience | undefined): string | undefined {
	const reach = approval?.reach;
	if (!reach) return undefined;
	if (reach.reached === 0)
		return `Nobody who may decide can see this. Ask somebody who holds the role, and forward: approve ${receipt}`;
	const here = audience?.here;
	return `${reach.canDecide} hold the role${here === undefined ? "" : `; ${here} of them are here`}.`;
}

/** A new message that asks those who can to act. */
export function reminderFace({ cancellation: record, audience }: ViewOf<"reminder">): Face & Pressable {
	if (!isWaiting(record)) return closedFace(record, undefined);
	const mentions = (audience?.mentions ?? []).slice(0, 5);
	const names = mentions.map(({ name }) => `<at>${mentionName(name)}</at>`).join(", ");
	const missing = neededApprovals(record.approval) - countedApprovals(record).length;
	return {
		...face({
			tone: "warning",
			symbol: "⏱",
			title: `Still waiting for ${missing === 1 ? "an approval" : `${missing} approvals`}`,
			lead: `${names === "" ? "" : `${names}: `}${escapeText(record.requester.name)} asks to cancel a ${kindWords(record.jobKind)}, until ${moment(record.approval.expiresAt)}.`,
			quote: record.reason === undefined ? "" : plainText(record.reason, LONGEST_REASON),
			facts: requestFacts(record),
			notes: notes(leavesBehind(record)),
			smallPrint: notes(
				`Use the card above, or type: approve ${record.receipt}, reject ${record.receipt} because …`,
			),
		}),
		...NOTHING,
		entities: mentions.map(({ name, channelUserId }) => ({
			type: "mention",
			text: `<at>${mentionName(name)}</at>`,
			mentioned: { id: channelUserId, name: mentionName(name) },
		})),
	};
}

/** The emergency way was used: somebody else is to look at it. */
export function reviewFace({ cancellation: record, note }: ViewOf<"review">): Face & Pressable {
	const { review } = record;
	const users = (review?.by ?? []).map(({ name }) => escapeText(name)).join(", ");
	const closed = review?.acknowledged;
	return {
		...face({
			tone: closed ? "default" : "attention",
			symbol: closed ? "✔" : "!",
			title: closed ? "Emergency reviewed" : "Review this: a job was cancelled without a second person",
			lead: closed
				? `${saidBy({ actor: closed.actor, ...comment(closed.comment) })} acknowledged it at ${moment(closed.at)}.`
				: `${users} used the emergency way. Somebody else who holds the role should look at it, and acknowledge that here.`,
			quote: review === undefined ? "" : plainText(review.reason, LONGEST_REASON),
			facts: requestFacts(record),
			notes: notes(note && noteWords(record, note)),
		}),
		buttons: closed
			? []
			: [{ title: "Acknowledge", verb: "acknowledge-review", style: "default", id: record.id, version: 1 }],
		comment: closed ? "" : "Comment (optional; everybody here sees it)",
	};
}

export function toldFace({ cancellation: record, note }: ViewOf<"told">): Face {
	const taken = note.kind === "done";
	return face({
		tone: taken ? "accent" : "warning",
		symbol: taken ? "✔" : "✖",
		title: record.receipt,
		lead: noteWords(record, note),
		facts: requestFacts(record),
	});
}

export function whyFace({ cancellation: record }: ViewOf<"why">): Face {
	const { approval, goAhead, attempts, decisions = [], review } = record;
	const rule = !goAhead
		? approval
			? `${approval.mode}: ${neededApprovals(approval)} approvers besides who asked`
			: "one person with the role is enough"
		: {
				approved: `${approval?.mode ?? ""}: enough people approved`,
				alone: "one person with the role carried it out in their own name",
				emergency: "emergency: the second person was skipped",
			}[goAhead.way];
	const last = attempts.at(-1);
	const held = last?.held ?? (last ? [{ actor: last.by, grant: last.grant }] : []);
	return face({
		tone: "accent",
		symbol: "§",
		title: `Why ${record.receipt} stands where it stands`,
		lead: `${sentence(record.outcome?.state ?? record.state)}.`,
		facts: facts(
			["Rule", rule],
			["Asked by", `${escapeText(record.requester.name)}, at ${moment(record.openedAt)}`],
			...decisions.map(
				(decision) =>
					[
						decision.verdict === "approve" ? "Approved" : "Rejected",
						`${saidBy(decision)}, at ${moment(decision.at)}, by ${grantWords(decision.grant)}${decision.lost ? `; no longer counted from ${moment(decision.lost.at)}` : ""}`,
					] as const,
			),
			["Approvals", approvalsSoFar(record)],
			["Deadline", moment(approval?.expiresAt)],
			["Let through", goAhead ? moment(goAhead.at) : ""],
			["Went ahead", goAhead && goAhead.way !== "approved" ? escapeText(goAhead.by.name) : ""],
			[
				"Seen right before the call",
				held.map(({ actor, grant }) => `${escapeText(actor.name)} (${grantWords(grant)})`).join(", "),
			],
			[
				"Review",
				review &&
					(review.acknowledged
						? `acknowledged by ${escapeText(review.acknowledged.actor.name)}, at ${moment(review.acknowledged.at)}`
						: "open"),
			],
		),
		notes: notes(earlierNo(record)),
	});
}

function grantWords(
	grant: { by: "role"; roleName: string } | { by: "group"; groupId: string } | object,
): string {
	if ("roleName" in grant) return `role ${escapeText(String(grant.roleName))}`;
	return "groupId" in grant ? `group ${escapeText(String(grant.groupId))}` : "";
}

export function canIFace(view: ViewOf<"can-i">): Face {
	const { answer, open, needed = 0 } = view;
	const lead = {
		yes: open
			? `Yes. It is asked for already (${open.receipt}); your cancel would carry it out at once, in your name.`
			: "Yes, at once and by yourself.",
		"with-others": open
			? `It waits for approval (${open.receipt}); you would be offered to approve it.`
			: `Not alone: ${needed} more who hold the role must approve. Your cancel would ask them.`,
		"by-asking": `Not by yourself. You may ask for it; ${needed} who hold the role must approve.`,
		no: "No.",
		ended: "There is nothing to cancel: the job has ended.",
	}[answer];
	const yes = answer === "yes";
	return face({
		tone: yes ? "good" : "warning",
		symbol: yes ? "✔" : "?",
		title: yes ? "You can cancel this job" : "What a cancel would come to",
		lead,
		facts: facts(
			["Job", escapeText(view.jobId)],
			["Rule", view.rule],
			["What allows it", view.grantingRoles.map(({ name }) => escapeText(name)).join(", ")],
		),
		smallPrint: notes(`Nothing was done. As it was read at ${moment(view.at)}.`),
	});
}

export function approvalsFace({ waiting, at }: ViewOf<"approvals">): Face {
	return face({
		tone: waiting.length === 0 ? "default" : "warning",
		symbol: waiting.length === 0 ? "■" : "?",
		title: waiting.length === 0 ? "Nothing waits for you" : `${waiting.length} waiting for your decision`,
		facts: waiting.slice(0, 10).map((record) => ({
			title: record.receipt,
			value: `${escapeText(record.requester.name)} asks to cancel a ${kindWords(record.jobKind)}, ${approvalsSoFar(record)}; expires ${moment(record.approval?.expiresAt)}`,
		})),
		notes: notes(waiting.length === 0 ? undefined : "Type: approve RC-…, or: reject RC-… because …"),
		smallPrint: notes(`As it stood at ${moment(at)}.`),
	});
}

export function approvalsHereFace({ on, changed }: ViewOf<"approvals-here">): Face {
	return face({
		tone: "accent",
		symbol: on ? "✔" : "■",
		title: on ? "Requests for approval are shown here" : "Requests for approval are not shown here",
		lead: changed ? "" : "It was so already.",
		notes: notes(on ? "To undo this, type: approvals off" : "To see them here, type: approvals here"),
	});
}

export function noSuchRequestFace({ reference }: ViewOf<"no-such-request">): Face {
	return face({
		tone: "warning",
		symbol: "?",
		title: "No such request",
		lead: "No request with this receipt is known here. A receipt looks like RC-7F3K9Q.",
		quote: plainText(reference, 100),
	});
}

export function noEmergencyFace({ jobId }: ViewOf<"no-emergency">): Face {
	return face({
		tone: "warning",
		symbol: "✖",
		title: "The emergency way is not open here",
		lead: "Its operator can open it (EMERGENCY_OVERRIDE). Nothing was sent to Graph.",
		notes: notes(`To ask others for it, type: cancel job ${escapeText(jobId)} because …`),
	});
}

/** Somebody who was refused may ask those who are not. */
export function askable(jobId: string, version: number): Pressable {
	return {
		buttons: [{ title: "Ask for approval", verb: "ask-approval", style: "positive", id: jobId, version }],
		comment: "Why (required; those who decide see nothing else of you)",
	};
}
