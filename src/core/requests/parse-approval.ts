import { known } from "../known.js";
import type { Command } from "./command.js";
import { BECAUSE, readReason } from "./reason.js";

/** The commands of approval and the words that begin them. */
const VERBS = [
	["approve", /^(?:approve|accept)\b/iu],
	["reject", /^(?:reject|deny|decline)\b/iu],
	["withdraw", /^withdraw\b/iu],
	["acknowledge", /^(?:acknowledge|ack)\b/iu],
	["why", /^why\b/iu],
] as const;
type Verb = (typeof VERBS)[number][0];

const APPROVALS = /^(?:(?:show|list)(?: me)?(?: the)? )?approvals[\s.!?]*$/iu;
const APPROVALS_HERE = /^approvals (?:are )?(here|on|off)[\s.!?]*$/iu;
/** Words that may stand between the verb and the receipt. */
const FILLER = /^(?:(?:the|this|my|review|request|receipt|of|for|was|is)\b(?!-)|[:=#])[\s]*/iu;
/** Crockford's alphabet has no I, L and O; somebody who writes one means the digit. */
const RECEIPT = /\bRC[- ]?([0-9A-Z]{6})\b/giu;
const WHOLE_RECEIPT = /^["'`([{<*_]*(RC[- ]?[0-9A-Z]{6})["'`)\]}>*_.,;:!?]*$/iu;

/**
 * What somebody asks for who decides, withdraws or looks at a request, or nothing when the text begins with none of
 * these verbs. Like a cancel, only text that begins with the verb and names one receipt decides anything.
 */
export function parseApproval(said: string): Command | undefined {
	const here = APPROVALS_HERE.exec(said)?.[1];
	if (here) return { kind: "approvals-here", on: here.toLowerCase() !== "off" };
	if (APPROVALS.test(said)) return { kind: "approvals" };
	for (const [verb, begins] of VERBS) if (begins.test(said)) return parseVerb(verb, said.replace(begins, ""));
	return undefined;
}

function parseVerb(verb: Verb, after: string): Command | undefined {
	let rest = after.trimStart();
	while (FILLER.test(rest)) rest = rest.replace(FILLER, "");
	const malformed = (
		problem: "no-receipt" | "not-a-receipt" | "several-receipts",
		found?: string,
	): Command => ({
		kind: "malformed",
		verb,
		problem,
		...known({ found }),
	});
	if (rest === "" || (BECAUSE.test(rest) && verb !== "why")) return malformed("no-receipt");
	// "RC 7F3K9Q" is one receipt in two words.
	const joined = rest.replace(/^(["'`([{<*_]*RC) (?=[0-9A-Z]{6}\b)/iu, "$1-");
	const end = joined.search(/[\s,;]/u);
	const first = end === -1 ? joined : joined.slice(0, end);
	const remainder = end === -1 ? "" : joined.slice(end).replace(/^[\s,;:.-]+/u, "");
	const reference = WHOLE_RECEIPT.exec(first)?.[1];
	// "approve my leave" and "why not" name no request at all; what looks like a receipt is a mistyped one.
	if (reference === undefined)
		return /\d|^RC-/iu.test(first) ? malformed("not-a-receipt", first.slice(0, LONGEST_FOUND)) : undefined;
	const receipt = canonical(reference);
	const others = [...remainder.matchAll(RECEIPT)].map(([found]) => canonical(found));
	if (!BECAUSE.test(remainder) && others.some((other) => other !== receipt))
		return malformed("several-receipts");
	return toCommand(verb, receipt, readReason(remainder));
}

const LONGEST_FOUND = 60;

function toCommand(verb: Verb, reference: string, comment: string | undefined): Command {
	switch (verb) {
		case "approve":
		case "reject":
			return { kind: "decide", verdict: verb, reference, ...known({ comment }) };
		case "acknowledge":
			return { kind: "acknowledge", reference, ...known({ comment }) };
		case "withdraw":
		case "why":
			return { kind: verb, reference };
	}
}

function canonical(receipt: string): string {
	const code = receipt.slice(-6).toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/gu, "1");
	return `RC-${code}`;
}
