import { known } from "../known.js";
import { COMMANDS, type Command, type Suggested } from "./command.js";
import { nearestCommand } from "./nearest-command.js";
import { parseApproval } from "./parse-approval.js";
import { parseExport } from "./parse-export.js";
import { parseHistory } from "./parse-history.js";
import { parseOnCall } from "./parse-on-call.js";
import { BECAUSE, readReason } from "./reason.js";

/** Longest text that is given back, in characters. */
const LONGEST_ECHO = 200;

const begins = (...ways: readonly string[]): RegExp => new RegExp(`^(?:${ways.join("|")})\\b`, "iu");
const is = (...ways: readonly string[]): RegExp => new RegExp(`^(?:${ways.join("|")})$`, "u");
const CANCEL = begins(...COMMANDS.cancel.words);
const STATUS = begins(...COMMANDS.status.words, "show(?: me)?", "job");
const STATUS_ITSELF = begins(...COMMANDS.status.words);
const CAN_I = begins("(?:can|could|may) i (?:cancel|stop|abort)");
const ASK = begins("ask(?: for)? (?:approval|to cancel)", "request approval");
/** Directly after the id; in the reason it is a word like any other. */
const EMERGENCY = /^\s*-{1,2}emergency(?![\w-])[\s,;:.]*/iu;
const FOLLOW = begins(...COMMANDS.follow.words);
const UNFOLLOW = begins(...COMMANDS.unfollow.words);
const JOBS = is(...COMMANDS.jobs.words, "list(?: all)?(?: the)? jobs", "show(?: me)?(?: the)? jobs");
const HISTORY = begins(...COMMANDS.history.words);
/** Words between "history" and of what: see `parseHistory`. */
const HISTORY_FILLER = /^(?:(?:of|for|by)\b|[:=])/iu;
const EXPORT = begins(...COMMANDS.export.words);
const WHOAMI = is(...COMMANDS.whoami.words, "who am i", "who-am-i");
const HELP = is(...COMMANDS.help.words, "\\?", "hi", "hello", "hey", "commands", "what can you do", "");
/** Words that may stand between the verb and the id. */
const FILLER =
	/^(?:(?:of|for|the|this|my|a|recovery|preview|jobs?|id|number|with|location|url)\b(?![-/])|job(?=[0-9a-f]{8}-)|[:=#])/iu;
const COURTESY = /^(?:(?:please|pls|kindly)\b|(?:can|could|would) you\b|hey\b|[/!,])/iu;
/** What may follow what was said. The look-behind keeps long runs linear. */
const THANKS = /(?<![\s,])[\s,]+(?:please|pls|now|thanks|thank you)$/iu;
/** A running job that is meant but not named. A bare "job" is a forgotten id. */
const RUNNING =
	/^(?:it|this|that|(?:(?:the|this|that|my|running|current) )+job|(?:(?:the|this|that|my|running|current) )*(recovery|preview)(?: job)?)$/iu;
const REASON_FOLLOWS = /(?<![\s,])[\s,]+(?=(?:because|reason)\b)/iu;
const GUID = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/iu;
const WHOLE_GUID = new RegExp(`^${GUID.source}$`, "iu");
/** What may surround a pasted id. The look-behind keeps long runs linear: a run is tried from its start only. */
const WRAPPING = /^[\s"'`({[<*_]+|(?<![\s"'`)}\]>*_.,;:!?])[\s"'`)}\]>*_.,;:!?]+$/gu;
const END_OF_SENTENCE = /(?<![\s.!?])[\s.!?]+$/u;

/**
 * What a person asked for, from text that `normalizeText` has cleaned. Only text that begins with a
 * cancel verb, courtesies aside, is ever a cancel: a wrong act is worse than no act.
 */
export function parseCommand(text: string): Command {
	const said = skip(text.trim(), COURTESY);
	if (CANCEL.test(said)) return parseCancel(said, text);
	if (CAN_I.test(said)) return parseOther("can-i", said.replace(CAN_I, ""), text);
	if (ASK.test(said)) return parseOther("ask", said.replace(ASK, ""), text);
	const approval = parseApproval(said);
	if (approval) return approval;
	if (FOLLOW.test(said) || UNFOLLOW.test(said)) return parseFollow(said, text);
	const plain = bare(said).toLowerCase();
	if (JOBS.test(plain)) return { kind: "jobs" };
	if (STATUS.test(said)) return parseStatus(said, text);
	if (HISTORY.test(said)) {
		const rest = skip(bare(said.replace(HISTORY, "")).trimStart(), HISTORY_FILLER);
		const { first, remainder } = takeToken(skip(rest, FILLER));
		const ids = [...new Set([...readToken(first), ...guidsIn(remainder)])];
		return parseHistory(rest, ids) ?? unknown(text);
	}
	if (EXPORT.test(said)) return parseExport(bare(said.replace(EXPORT, "")).trim()) ?? unknown(text);
	if (WHOAMI.test(plain)) return { kind: "whoami" };
	if (HELP.test(plain)) return { kind: "help" };
	const onCall = parseOnCall(said.replace(END_OF_SENTENCE, ""));
	if (onCall) return "found" in onCall ? { ...onCall, found: shorten(onCall.found) } : onCall;
	const [jobId, ...more] = /\s/u.test(said) ? [] : readToken(said);
	if (jobId !== undefined && more.length === 0) return { kind: "status", jobId };
	return unknown(text);
}

/** Without what ends a sentence, and without thanks. */
function bare(said: string): string {
	return said.replace(END_OF_SENTENCE, "").replace(THANKS, "").replace(END_OF_SENTENCE, "");
}

function parseCancel(said: string, text: string): Command {
	const meant = said.replace(CANCEL, "").trimStart();
	const running = parseRunning(meant);
	if (running) return running;
	const rest = skip(meant, FILLER);
	if (rest === "" || BECAUSE.test(rest)) return { kind: "malformed", verb: "cancel", problem: "no-id" };
	const { first, remainder } = takeToken(rest);
	const [jobId, ...more] = readToken(first);
	// "cancel that meeting" names no job at all; something that at least looks like an id is a mistyped one.
	if (jobId === undefined)
		return /\d/u.test(first) || remainder === ""
			? { kind: "malformed", verb: "cancel", problem: "not-an-id", found: shorten(first) }
			: unknown(text);
	if (more.length > 0) return { kind: "malformed", verb: "cancel", problem: "several-ids", first: jobId };
	const emergency = EMERGENCY.test(remainder);
	const after = emergency ? remainder.replace(EMERGENCY, "") : remainder;
	const spoken = skip(after, new RegExp(`^[\\s,;:.-]+|^${again(jobId)}`, "iu"));
	if (!BECAUSE.test(spoken) && guidsIn(remainder).some((id) => id !== jobId))
		return { kind: "malformed", verb: "cancel", problem: "several-ids", first: jobId };
	return {
		kind: "cancel",
		jobId,
		...known({ reason: readReason(spoken), emergency: emergency || undefined }),
	};
}

/** Asking whether one may, and asking others to: neither cancels anything by itself. */
function parseOther(verb: "can-i" | "ask", said: string, text: string): Command {
	const rest = skip(said.trimStart(), FILLER);
	if (rest === "" || BECAUSE.test(rest)) return { kind: "malformed", verb, problem: "no-id" };
	const { first, remainder } = takeToken(rest);
	const [jobId, ...more] = readToken(first);
	if (jobId === undefined)
		return /\d/u.test(first)
			? { kind: "malformed", verb, problem: "not-an-id", found: shorten(first) }
			: unknown(text);
	const spoken = remainder.replace(/^[\s,;:.?!-]+/u, "");
	const reasoned = BECAUSE.test(spoken);
	if (more.length > 0 || (!reasoned && guidsIn(remainder).some((id) => id !== jobId)))
		return { kind: "malformed", verb, problem: "several-ids", first: jobId };
	if (verb === "can-i") return { kind: "can-i", jobId };
	return { kind: "ask", jobId, ...known({ reason: readReason(spoken) }) };
}

/** "it", "the recovery", perhaps with a reason: what runs is offered, and nothing is cancelled by that. */
function parseRunning(meant: string): Command | undefined {
	const [what = ""] = meant.split(REASON_FOLLOWS, 1);
	const named = RUNNING.exec(bare(what));
	if (!named) return undefined;
	const spoken = meant.slice(what.length).replace(/^[\s,]+/u, "");
	const jobKind = named[1]?.toLowerCase() === "preview" ? "preview" : named[1] && "recovery";
	return { kind: "cancel-running", ...known({ jobKind, reason: readReason(spoken) }) } as Command;
}

function parseStatus(said: string, text: string): Command {
	const rest = skip(said.replace(STATUS, "").trimStart(), FILLER);
	if (rest === "") return { kind: "malformed", verb: "status", problem: "no-id" };
	const { first, remainder } = takeToken(rest);
	const [jobId, ...more] = readToken(first);
	const certain = STATUS_ITSELF.test(said) && remainder === "";
	if (jobId === undefined)
		return /\d/u.test(first) || certain
			? { kind: "malformed", verb: "status", problem: "not-an-id", found: shorten(first) }
			: unknown(text);
	return more.length > 0 || guidsIn(remainder).some((id) => id !== jobId)
		? { kind: "malformed", verb: "status", problem: "several-ids", first: jobId }
		: { kind: "status", jobId };
}

/** Names its job in the same ways. */
function parseFollow(said: string, text: string): Command {
	const verb = UNFOLLOW.test(said) ? "unfollow" : "follow";
	const read = parseStatus(said.replace(verb === "follow" ? FOLLOW : UNFOLLOW, "status"), text);
	if (read.kind === "status") return { kind: verb, jobId: read.jobId };
	return read.kind === "malformed" ? { ...read, verb } : read;
}

/** The first word, with everything that belongs to a pasted id or address. */
function takeToken(text: string): { first: string; remainder: string } {
	const opening = /^["'`([{<*_]+\s+/u.exec(text)?.[0] ?? "";
	const open = text.slice(opening.length);
	const link = /^\[[^\]]*\]\([^)\s]*\)/u.exec(open)?.[0];
	const end = link ? link.length : open.search(/\s|[,;]/u);
	if (end === -1) return { first: open, remainder: "" };
	const after = open.slice(end);
	// What closes "( id )" goes with it; otherwise quotes and brackets belong to the reason.
	const remainder = opening === "" ? after : after.replace(/^\s+["'`)\]}>*_]+/u, "");
	return { first: open.slice(0, end), remainder };
}

/**
 * The job ids that a word stands for: a GUID in whatever dress, or an address that ends in one. More
 * than one when a link shows another id than it leads to, or an address holds two.
 */
function readToken(word: string): readonly string[] {
	const target = word.slice(word.indexOf("](") + 1);
	const bare = target.replace(WRAPPING, "");
	const named = [
		...bare.matchAll(/(?:^|\/)(?:jobs|recoveryJobs|recoveryPreviewJobs)(?:\/|\(')([^/?#')]+)/giu),
	].at(-1)?.[1];
	return WHOLE_GUID.test(named ?? bare) ? [...new Set(guidsIn(word))] : [];
}

function guidsIn(text: string): string[] {
	return [...text.matchAll(new RegExp(GUID.source, "giu"))].map(([id]) => canonical(id));
}

function canonical(guid: string): string {
	const hex = guid.replaceAll("-", "").toLowerCase();
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The pattern of the same id said once more, with or without dashes, "and" or wrapping. */
function again(guid: string): string {
	return `(?:(?:and|&)\\s+)?["'\`({[<]*${guid.replaceAll("-", "-?")}["'\`)}\\]>]*(?![\\w-])`;
}

function skip(text: string, prefix: RegExp): string {
	let rest = text;
	for (let match = prefix.exec(rest); match; match = prefix.exec(rest))
		rest = rest.slice(match[0].length).trimStart();
	return rest;
}

function unknown(text: string): Command {
	const suggestion = nearestCommand(text);
	const suggested = suggestion === undefined ? undefined : suggestedButton(suggestion, text);
	return { kind: "unknown", text: shorten(text), ...known({ suggestion, suggested }) };
}

/** What asks for an id leads to the job of that id, and without one to the list. */
function suggestedButton(suggestion: string, text: string): Suggested {
	if (suggestion === COMMANDS.whoami.example) return { verb: "show-whoami", id: "me" };
	if (suggestion === COMMANDS.help.example) return { verb: "show-help", id: "help" };
	const [id, ...more] = suggestion === COMMANDS.jobs.example ? [] : new Set(guidsIn(text));
	return id === undefined || more.length > 0 ? { verb: "show-jobs", id: "jobs" } : { verb: "show-job", id };
}

function shorten(text: string): string {
	const characters = [...text];
	return characters.length <= LONGEST_ECHO ? text : `${characters.slice(0, LONGEST_ECHO - 1).join("")}…`;
}
