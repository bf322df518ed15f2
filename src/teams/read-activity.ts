import { z } from "zod";
import type { ConversationRef } from "../app/ports.js";
import type { Via } from "../app/store.js";
import { known } from "../core/known.js";
import type { Actor } from "../core/person.js";
import { type Command, LONGEST_REASON } from "../core/requests/command.js";
import { normalizeText } from "../core/requests/normalize-text.js";
import { parseCommand } from "../core/requests/parse-command.js";
import type { TeamsActivity } from "./activity.js";

/** Longest text that is read at all; Teams itself allows about 28,000 characters. */
const LONGEST_TEXT = 30_000;
const LONGEST_NAME = 256;
const LONGEST_ID = 200;

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
		name: cleanText(activity.from.name ?? "", LONGEST_NAME) || "Somebody",
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
	return parseCommand(normalizeText(raw, ownMentions(activity)));
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
	mentioned: z.object({ id: z.string(), name: z.string().nullish() }),
});

/** The buttons of our cards. Their data is an opaque id and a version; what they mean is decided here. */
const VERBS: ReadonlyMap<unknown, Exclude<Via, "message">> = new Map([
	["cancel-job", "press"],
	["cancel-listed-job", "press-in-list"],
]);

const pressed = z.looseObject({ id: z.string(), version: z.number() });

/** What a pressed button asks for, or `undefined` when it is none of ours. */
export function readPress(
	verb: unknown,
	data: unknown,
): { via: Exclude<Via, "message">; command: Command } | undefined {
	const via = VERBS.get(verb);
	const content = pressed.safeParse(data);
	if (!via || !content.success) return undefined;
	// The id goes through the same reading as a typed one: a card can be forged as easily as a message.
	const command = parseCommand(`cancel job ${cleanText(content.data.id, LONGEST_ID)}`);
	if (command.kind !== "cancel") return { via, command };
	const reason = readReason(content.data);
	return { via, command: { kind: "cancel", jobId: command.jobId, ...(reason === "" ? {} : { reason }) } };
}

/** In a list of jobs each reason has an input of its own: `reason-0`, `reason-1`, … */
function readReason(data: Readonly<Record<string, unknown>>): string {
	for (const [key, value] of Object.entries(data))
		if (/^reason(-\d+)?$/.test(key) && typeof value === "string" && value.trim() !== "")
			return cleanText(value, LONGEST_REASON);
	return "";
}

/** Text without what the database cannot hold: NUL, and half of a character that was cut in two. */
function cleanText(text: string, length: number): string {
	return normalizeText(text.slice(0, LONGEST_TEXT), [])
		.slice(0, length)
		.replace(/\p{Surrogate}/u, "");
}
