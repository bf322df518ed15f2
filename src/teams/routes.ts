// Not from the package as a whole, which loads the language models that a router has no use for.
import { Application } from "@microsoft/teams-ai/lib/Application.js";
import type { TurnState } from "@microsoft/teams-ai/lib/TurnState.js";
import { ActivityTypes, INVOKE_RESPONSE_KEY, type TurnContext } from "botbuilder";
import { z } from "zod";
import type { Refresh } from "../app/approving/refresh-approval.js";
import type { ConversationRef } from "../app/ports.js";
import type { PressAnswer } from "../app/requests/answer-press.js";
import type { Incoming } from "../app/requests/receive-request.js";
import type { View } from "../app/views.js";
import { channelKey } from "../core/channel-key.js";
import { known } from "../core/known.js";
import type { Actor } from "../core/person.js";
import type { Command } from "../core/requests/command.js";
import { normalizeText } from "../core/requests/normalize-text.js";
import { activitySchema, type TeamsActivity } from "./activity.js";
import { type InvokeBody, pressAnswer, unknownAction, wordsAnswer } from "./invoke-answer.js";
import type { Render } from "./messenger.js";
import {
	readActor,
	readConsent,
	readConversation,
	readDedupeKey,
	readMessage,
	readPress,
} from "./read-activity.js";
import { readRefresh } from "./read-approval-press.js";
import { readSearch, type SearchAnswer, searchBody } from "./search.js";

/** What the routes hand on to. */
export interface Conversations {
	/** Keeps a typed request; its answer arrives as a message. */
	receive(incoming: Incoming): Promise<void>;
	/** Answers a pressed button within its time. */
	press(incoming: Incoming): Promise<PressAnswer>;
	/** Draws a request for one person; nothing when it is not known. Changes nothing. */
	refresh(looking: Refresh): Promise<View | undefined>;
	/** The bot was added to a conversation or removed from it. */
	greet(incoming: Incoming): Promise<void>;
	removed(conversationKey: string): Promise<void>;
	/** What somebody may find who types this into the search box, drawn in their language; within Teams' 5 seconds. */
	search(asked: { readonly actor: Actor; readonly text: string }, locale?: string): Promise<SearchAnswer>;
	/** Why nothing can be posted in a conversation, for whoever wants it there; nothing when it can, as far as is known. */
	absent(conversation: ConversationRef, locale?: string): Promise<string | undefined>;
	/** What is said about a button that means nothing, or nothing any more. */
	unknownButton(locale?: string): string;
}

/** Routes of the bot, over teams-ai. Handlers only translate: they decide nothing and keep nothing. */
export function createRoutes(conversations: Conversations, render: Render): Application<TurnState> {
	const app = new Application<TurnState>({ removeRecipientMention: false });
	// teams-ai 1.7 heeds no option for this: in a turn of over a second it would send "typing" on its own.
	app.startTypingTimer = () => {};

	app.adaptiveCards.actionExecute(/.*/, async (context) => {
		const activity = activitySchema.parse(context.activity);
		const { action, trigger } = pressed.parse(activity.value);
		const inTheirLanguage = (view: View) => render(view, activity.locale);
		const unknown = () => unknownAction(conversations.unknownButton(activity.locale));
		const looked = readRefresh(action.verb, action.data);
		if (looked !== undefined) {
			const { actor, conversation } = common(activity);
			const view = await conversations.refresh({
				actor,
				conversationKey: conversation.key,
				cancellationId: looked,
			});
			return answer(context, view ? pressAnswer({ as: "card", view }, inTheirLanguage) : unknown());
		}
		const press = readPress(action.verb, action.data);
		// Teams refreshes cards on its own; nobody pressed anything then, so nothing may happen.
		if (!press || trigger === "automatic") return answer(context, unknown());
		if (action.verb === "post-job") {
			const why = await conversations.absent(readConversation(activity), activity.locale);
			if (why !== undefined) return answer(context, wordsAnswer(why));
		}
		const found = await conversations.press({
			...common(activity),
			command: press.command,
			via: press.via,
			...known({ pressedActivityId: activity.replyToId }),
		});
		return answer(context, pressAnswer(found, inTheirLanguage));
	});

	// teams-ai would answer for itself, and only what is accepted; nobody waits for the file here.
	app.addRoute(
		async ({ activity }) => activity.name === "fileConsent/invoke",
		async (context) => {
			const activity = activitySchema.parse(context.activity);
			const command = readConsent(activity.value);
			if (command)
				await conversations.receive({
					...common(activity),
					command,
					via: "consent",
					...known({ pressedActivityId: activity.replyToId }),
				});
			respond(context, undefined);
		},
		true,
	);

	app.addRoute(
		async ({ activity }) => activity.name === "composeExtension/query",
		async (context) => {
			const activity = activitySchema.parse(context.activity);
			const text = readSearch(activity.value);
			if (text === undefined) return respond(context, undefined);
			const found = await conversations.search({ actor: readActor(activity), text }, activity.locale);
			respond(context, searchBody(found));
		},
		true,
	);

	app.message(isMessage, async (context) => {
		const activity = activitySchema.parse(context.activity);
		if (isCardAlone(activity)) return;
		await conversations.receive({ ...common(activity), command: commandOf(activity), via: "message" });
	});

	app.activity(ActivityTypes.InstallationUpdate, async (context) => {
		const activity = activitySchema.parse(context.activity);
		if (activity.action === "remove" || activity.action === "remove-upgrade")
			return conversations.removed(activity.conversation.id);
		await conversations.greet(greeting(activity));
	});

	app.activity(ActivityTypes.ConversationUpdate, async (context) => {
		const activity = activitySchema.parse(context.activity);
		const added = (activity.membersAdded ?? []).some((member) => member.id === activity.recipient.id);
		if (added) await conversations.greet(greeting(activity));
	});

	return app;
}

/** teams-ai asks a selector of ours about every activity, not only about messages. */
async function isMessage(context: TurnContext): Promise<boolean> {
	return context.activity.type === ActivityTypes.Message;
}

/** The place of a card in a message without words takes less, in characters. */
const LONGEST_MARKUP = 2_000;

/** Somebody's own message with a card in it, mostly one of our search: it asks nothing of the bot. */
function isCardAlone({ text, value, attachments }: TeamsActivity): boolean {
	const cards =
		attachments?.some(({ contentType }) => contentType === "application/vnd.microsoft.card.adaptive") ??
		false;
	return cards && value === undefined && normalizeText((text ?? "").slice(0, LONGEST_MARKUP), []) === "";
}

function common(activity: TeamsActivity): Pick<Incoming, "dedupeKey" | "actor" | "conversation"> {
	return {
		dedupeKey: readDedupeKey(activity),
		actor: readActor(activity),
		conversation: readConversation(activity),
	};
}

/** A client too old for `Action.Execute` sends the button's fallback as a message without text. */
function commandOf(activity: TeamsActivity): Command {
	if (activity.text) return readMessage(activity);
	const data: unknown = activity.value;
	const verb = data !== null && typeof data === "object" && "verb" in data ? data.verb : undefined;
	return readPress(verb, data)?.command ?? readMessage(activity);
}

/** Teams tells twice that a bot was added; one key for both makes one greeting. */
function greeting(activity: TeamsActivity): Incoming {
	return {
		...common(activity),
		dedupeKey: greetingKey(activity.conversation.id),
		command: { kind: "greeting" },
		via: "message",
	};
}

/** One greeting is for all threads of a channel. */
export function greetingKey(conversationKey: string): string {
	return `greeting ${channelKey(conversationKey)}`;
}

/** teams-ai brings nothing here that has no action. */
const pressed = z.object({
	action: z.object({ verb: z.unknown().optional(), data: z.unknown().optional() }),
	trigger: z.unknown().optional(),
});

/**
 * Sends the invoke response ourselves: teams-ai keeps one response type for all of a route's answers
 * and changes it for good when a card carries a refresh.
 */
async function answer(context: TurnContext, body: InvokeBody): Promise<string> {
	respond(context, body);
	return "";
}

function respond(context: TurnContext, body: object | undefined): void {
	context.turnState.set(INVOKE_RESPONSE_KEY, {
		type: ActivityTypes.InvokeResponse,
		value: { status: 200, ...(body && { body }) },
	});
}
