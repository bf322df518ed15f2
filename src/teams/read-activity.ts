import { z } from "zod";
import type { ConversationRef } from "../app/ports.js";
import type { Via } from "../app/store.js";
import { known } from "../core/known.js";
import type { Actor } from "../core/person.js";
import { type Command, LONGEST_REASON } from "../core/requests/command.js";
import { normalizeText } from "../core/requests/normalize-text.js";
import { parseCommand } from "../core/requests/parse-command.js";
import type { TeamsActivity } from "./activity.js";
import { cleanText, LONGEST_ID, LONGEST_TEXT, type PressData, pressed } from "./press-data.js";
import { readApprovalPress } from "./read-approval-press.js";
import { readOnCallPress } from "./read-on-call-press.js";

const LONGEST_NAME = 256;
const LONGEST_URL = 8_000;

/**
 * Who wrote. The tenant is the one that every part of the activity agrees on; without agreement it is
 * nobody's, and policy refuses it.
 */
export function readActor(activity: TeamsActivity): Actor {
	const tenants = new Set(
		[activity.conversation.tenantId, activity.channelData?.tenant?.id]
			.filter((tenant) => typeof tenant === "string" && tenant !== "")
			.map((tenant) => String(tenant).toLowerCase()),
	);
	const [tenantId = "", ...others] = tenants;
	return {
		tenantId: others.length === 0 ? tenantId : "",
		userId: activity.from.aadObjectId?.toLowerCase() ?? "",
		name: cleanText(activity.from.name ?? "", LONGEST_NAME),
		channelUserId: activity.from.id,
	};
}

/** The conversation as it must be kept to post there later, thread included. */
export function readConversation(activity: TeamsActivity): ConversationRef {
	const { conversation, recipient } = activity;
	return {
		key: conversation.id,
		tenantId: readActor(activity).tenantId,
		serviceUrl: activity.serviceUrl,
		channelId: activity.channelId,
		botId: recipient.id,
		botName: recipient.name ?? "",
		conversationType:
			conversation.conversationType === "channel" || conversation.conversationType === "groupChat"
				? conversation.conversationType
				: "personal",
		...known({ locale: activity.locale }),
	};
}

/** The same for every delivery of the same activity: Teams delivers again when an answer is slow. */
export function readDedupeKey(activity: TeamsActivity): string {
	const { id, type, replyToId, timestamp, from } = activity;
	const own = id ?? [type, replyToId, timestamp, from.id, JSON.stringify(activity.value ?? null)].join(" ");
	return `${activity.conversation.id} ${own}`;
}

/** What a typed message asks for. */
export function readMessage(activity: TeamsActivity): Command {
	const raw = (activity.text ?? "").slice(0, LONGEST_TEXT);
	const command = parseCommand(normalizeText(raw, ownMentions(activity)));
	if (command.kind !== "history" || command.filter.by !== "person") return command;
	return { kind: "history", filter: { ...command.filter, ...mentionedAs(command.filter.name, activity) } };
}

/** The ids that a mention in the message brings for a name. Names alone may be shared by several people. */
function mentionedAs(name: string, { entities, recipient }: TeamsActivity) {
	for (const entity of entities ?? []) {
		const { data } = mentionEntity.safeParse(entity);
		if (!data || data.mentioned.id === recipient.id) continue;
		const { id, name: written, aadObjectId } = data.mentioned;
		if (cleanText(written ?? "", LONGEST_NAME).toLowerCase() === name.toLowerCase())
			return { channelUserId: id, ...known({ userId: aadObjectId?.toLowerCase() }) };
	}
	return {};
}

function ownMentions(activity: TeamsActivity): string[] {
	const names = (activity.entities ?? []).flatMap((entity) => {
		const mention = mentionEntity.safeParse(entity);
		return mention.success && mention.data.mentioned.id === activity.recipient.id
			? [mention.data.mentioned.name]
			: [];
	});
	return [...names, activity.recipient.name].filter((name) => typeof name === "string");
}

const mentionEntity = z.object({
	type: z.literal("mention"),
	mentioned: z.object({ id: z.string(), name: z.string().nullish(), aadObjectId: z.string().nullish() }),
});

type Pressed = { readonly via: Exclude<Via, "message">; readonly command: Command };

/**
 * The buttons of our cards. Their data is an opaque id and a version; what they mean is decided here. What does
 * not fit means nothing: a card can be forged as easily as a message.
 */
const VERBS: ReadonlyMap<unknown, (data: PressData) => Pressed | undefined> = new Map<
	unknown,
	(data: PressData) => Pressed | undefined
>([
	["cancel-job", (data) => ({ via: "press", command: readCancel(data) })],
	["cancel-listed-job", (data) => ({ via: "press-in-list", command: readCancel(data) })],
	["cancel-incident-job", (data) => ({ via: "press-aside", command: readCancel(data) })],
	["check-job", ({ id }) => ({ via: "press", command: readId("status", id) })],
	["post-job", ({ id }) => ({ via: "press-aside", command: readId("status", id) })],
	["show-job", ({ id }) => ({ via: "press-aside", command: readId("status", id) })],
	["refresh-jobs", only("jobs", { via: "press-in-list", command: { kind: "jobs" } })],
	["show-jobs", only("jobs", { via: "press-aside", command: { kind: "jobs" } })],
	["show-whoami", only("me", { via: "press-aside", command: { kind: "whoami" } })],
	["show-help", only("help", { via: "press-aside", command: { kind: "help" } })],
	["next-history", onRequest("history-next")],
	["try-again", onRequest("again")],
]);

const consent = z.object({
	type: z.literal("fileUpload"),
	action: z.enum(["accept", "decline"]),
	context: z.object({ id: z.guid() }),
	uploadInfo: z
		.object({
			uploadUrl: z.string().max(LONGEST_URL),
			contentUrl: z.string().max(LONGEST_URL),
			name: z.string().max(LONGEST_NAME),
			uniqueId: z.string().max(LONGEST_ID),
			fileType: z.string().max(LONGEST_ID),
		})
		.nullish(),
});

/** What was said to an offered file; `undefined` when it cannot be read, or says yes and not where to. */
export function readConsent(value: unknown): Command | undefined {
	const { data } = consent.safeParse(value);
	if (!data) return undefined;
	const requestId = data.context.id.toLowerCase();
	if (data.action === "decline") return { kind: "export-declined", requestId };
	return data.uploadInfo ? { kind: "export-accepted", requestId, upload: data.uploadInfo } : undefined;
}

/** On the answer to a request, whose id the button carries. */
function onRequest(kind: "history-next" | "again"): (data: PressData) => Pressed | undefined {
	return ({ id }) =>
		z.guid().safeParse(id).success
			? { via: "press", command: { kind, requestId: id.toLowerCase() } }
			: undefined;
}

function only(id: string, press: Pressed): (data: PressData) => Pressed | undefined {
	return (data) => (data.id === id ? press : undefined);
}

/** What a pressed button asks for, or `undefined` when it is none of ours. */
export function readPress(verb: unknown, data: unknown): Pressed | undefined {
	const approval = readApprovalPress(verb, data);
	if (approval) return { via: "press", command: approval };
	const content = pressed.safeParse(data);
	const onCall = content.success ? readOnCallPress(verb, content.data) : undefined;
	if (onCall) return { via: "press", command: onCall };
	return content.success ? VERBS.get(verb)?.(content.data) : undefined;
}

/** The id goes through the same reading as a typed one. */
function readId(typed: string, id: string): Command {
	return parseCommand(`${typed} ${cleanText(id, LONGEST_ID)}`);
}

function readCancel(data: PressData): Command {
	const command = readId("cancel job", data.id);
	if (command.kind !== "cancel") return command;
	const reason = readReason(data);
	return { kind: "cancel", jobId: command.jobId, ...(reason === "" ? {} : { reason }) };
}

/** In a list of jobs each reason has an input of its own: `reason-0`, `reason-1`, … */
function readReason(data: Readonly<Record<string, unknown>>): string {
	for (const [key, value] of Object.entries(data))
		if (/^reason(-\d+)?$/.test(key) && typeof value === "string" && value.trim() !== "")
			return cleanText(value, LONGEST_REASON);
	return "";
}
