import { z } from "zod";

const account = z.looseObject({ id: z.string() });

/**
 * What the proxy needs of an activity; everything else passes through.
 *
 * Seen from Playground 0.2.28: `serviceUrl` is `http://localhost:<port>/_connector`, `conversation.id` is the
 * id from its configuration, `conversation.tenantId` and `channelData.tenant.id` are set to its configured
 * tenant, `from` of installationUpdate and conversationUpdate has no name, and nothing is signed. Opening
 * the page sends installationUpdate and conversationUpdate before anybody types.
 */
const activity = z.looseObject({
	type: z.string(),
	text: z.string().nullish(),
	serviceUrl: z.url(),
	conversation: account,
	from: account,
	recipient: account,
	channelData: z.looseObject({ tenant: z.looseObject({}).optional() }).nullish(),
});

export type Activity = z.infer<typeof activity>;

/** @throws when the text is no activity */
export function readActivity(text: string): Activity {
	return activity.parse(JSON.parse(text));
}

/** What a person typed, without the mention of the bot that Teams puts in front of it. */
export function typedText(text: string): string {
	return text
		.replace(/<at[^>]*>[^<]*<\/at>/giu, " ")
		.replace(/&nbsp;|\s+/gu, " ")
		.trim();
}
