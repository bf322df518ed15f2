import type { Command } from "./command.js";
import { nearestCommand } from "./nearest-command.js";

/** Longest reason that is kept, and longest text that is given back, in characters. */
const LONGEST_REASON = 500;
const LONGEST_ECHO = 200;

const CANCEL = /^(?:cancel|stop|abort)\b/iu;
const STATUS = /^(?:status|show|job)\b/iu;
/** Words that may stand between the verb and the id. */
const FILLER =
	/^(?:(?:of|for|the|this|my|a|recovery|preview|jobs?|id|number|with|location|url)\b(?!-)|job(?=[0-9a-f]{8}-)|[:=#])/iu;
const COURTESY = /^(?:(?:please|pls|kindly)\b|(?:can|could|would) you\b|hey\b|[/!,])/iu;
const BECAUSE = /^(?:because(?: of)?\b|reason\b|since\b|as\b)[\s:=,-]*/iu;
const GUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/iu;
const WHOLE_GUID = new RegExp(`^${GUID.source}$`, "iu");
/** What may surround a pasted id. */
const WRAPPING = /^[\s"'`({[<*_]+|[\s"'`)}\]>*_.,;:!?]+$/gu;

/**
 * What a person asked for, from text that `normalizeText` has cleaned. Only text that begins with a
 * cancel verb, courtesies aside, is ever a cancel: a wrong act is worse than no act.
 */
export function parseCommand(text: string): Command {
	const said = skip(text.trim(), COURTESY);
	if (said === "") return { kind: "help" };
	if (CANCEL.test(said)) return parseCancel(said, text);
	if (STATUS.test(said)) return parseStatus(said, text);
	const plain = said.toLowerCase().replace(/[\s.!?]+$/u, "");
	if (/^(?:jobs|list|list(?: all)?(?: the)? jobs|show(?: me)?(?: the)? jobs)$/u.test(plain))
		return { kind: "jobs" };
	if (/^(?:whoami|who am i|who-am-i)$/u.test(plain)) return { kind: "whoami" };
	if (/^(?:help|\?|hi|hello|hey|commands|what can you do)?$/u.test(plain)) return { kind: "help" };
	const bare = readToken(said);
	if (bare !== undefined && !/\s/u.test(said)) return { kind: "status", jobId: bare };
	return unknown(text);
}

function parseCancel(said: string, text: string): Command {
	const rest = skip(said.replace(CANCEL, "").trimStart(), FILLER);
	if (rest === "" || BECAUSE.test(rest)) return { kind: "malformed", verb: "cancel", problem: "no-id" };
	const { first, remainder } = takeToken(rest);
	const jobId = readToken(first);
	// "cancel that meeting" names no job at all; something that at least looks like an id is a mistyped one.
	if (jobId === undefined)
		return /\d/u.test(first) || remainder === ""
			? { kind: "malformed", verb: "cancel", problem: "not-an-id", found: shorten(first) }
			: unknown(text);
	const spoken = skip(remainder, new RegExp(`^[\\s,;:.-]+|^${escaped(jobId)}\\b`, "iu"));
	if (BECAUSE.test(spoken)) return withReason(jobId, spoken.replace(BECAUSE, ""));
	const others = guidsIn(remainder).filter((id) => id !== jobId);
	if (others.length > 0) return { kind: "malformed", verb: "cancel", problem: "several-ids" };
	return withReason(jobId, spoken);
}

function parseStatus(said: string, text: string): Command {
	if (/^show(?: me)?(?: the)? jobs[\s.!?]*$/iu.test(said)) return { kind: "jobs" };
	const rest = skip(said.replace(STATUS, "").trimStart(), FILLER);
	if (rest === "") return { kind: "malformed", verb: "status", problem: "no-id" };
	const { first, remainder } = takeToken(rest);
	const jobId = readToken(first);
	const certain = /^status\b/iu.test(said) && remainder === "";
	if (jobId === undefined)
		return /\d/u.test(first) || certain
			? { kind: "malformed", verb: "status", problem: "not-an-id", found: shorten(first) }
			: unknown(text);
	return guidsIn(remainder).some((id) => id !== jobId)
		? { kind: "malformed", verb: "status", problem: "several-ids" }
		: { kind: "status", jobId };
}

function withReason(jobId: string, text: string): Command {
	const reason = text
		.replace(/^[\s,;:.-]+/u, "")
		.trim()
		.slice(0, LONGEST_REASON);
	return reason === "" ? { kind: "cancel", jobId } : { kind: "cancel", jobId, reason };
}

/** The first word, with everything that belongs to a pasted id or address. */
function takeToken(text: string): { first: string; remainder: string } {
	const open = text.replace(/^(["'`([{<*_]+)\s+/u, "$1");
	const link = /^\[[^\]]*\]\([^)\s]*\)/u.exec(open)?.[0];
	const end = link ? link.length : open.search(/\s|[,;]/u);
	return end === -1
		? { first: open, remainder: "" }
		: {
				first: open.slice(0, end),
				remainder: open
					.slice(end)
					.replace(/^\s+["'`)\]}>*_]+/u, " ")
					.trim(),
			};
}

/** The job id that a word stands for: a GUID in whatever dress, or an address that ends in one. */
function readToken(word: string): string | undefined {
	const link = /\]\((.*)\)?$/u.exec(word)?.[1] ?? word;
	const bare = link.replace(WRAPPING, "");
	if (WHOLE_GUID.test(bare)) return canonical(bare);
	if (!bare.includes("/")) return undefined;
	const named = [...bare.matchAll(/\/(?:jobs|recoveryJobs|recoveryPreviewJobs)(?:\/|\(')([^/?#')]+)/giu)].at(
		-1,
	)?.[1];
	return named !== undefined && WHOLE_GUID.test(named) ? canonical(named) : undefined;
}

function guidsIn(text: string): string[] {
	return [...text.matchAll(new RegExp(GUID.source, "giu"))].map(([id]) => canonical(id));
}

function canonical(guid: string): string {
	const hex = guid.replaceAll("-", "").toLowerCase();
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A canonical GUID as a pattern that also matches it without dashes. */
function escaped(guid: string): string {
	return guid.replaceAll("-", "-?");
}

function skip(text: string, prefix: RegExp): string {
	let rest = text;
	for (let match = prefix.exec(rest); match; match = prefix.exec(rest))
		rest = rest.slice(match[0].length).trimStart();
	return rest;
}

function unknown(text: string): Command {
	const suggestion = nearestCommand(text);
	return { kind: "unknown", text: shorten(text), ...(suggestion === undefined ? {} : { suggestion }) };
}

function shorten(text: string): string {
	const characters = [...text];
	return characters.length <= LONGEST_ECHO ? text : `${characters.slice(0, LONGEST_ECHO - 1).join("")}…`;
}
