import { z } from "zod";

/**
 * The parts of a Teams activity that the bot reads. Everything else passes through unread.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object
 */
export const activitySchema = z.looseObject({
	type: z.string().min(1),
	id: z.string().min(1).optional(),
	name: z.string().optional(),
	channelId: z.string(),
	serviceUrl: z.string(),
	text: z.string().nullish(),
	value: z.unknown().optional(),
	action: z.string().optional(),
	replyToId: z.string().optional(),
	locale: z.string().optional(),
	timestamp: z.string().optional(),
	from: z.looseObject({
		id: z.string().min(1),
		name: z.string().nullish(),
		aadObjectId: z.string().nullish(),
	}),
	recipient: z.looseObject({ id: z.string().min(1), name: z.string().nullish() }),
	conversation: z.looseObject({
		id: z.string().min(1),
		conversationType: z.string().nullish(),
		tenantId: z.string().nullish(),
	}),
	channelData: z
		.looseObject({ tenant: z.looseObject({ id: z.string().optional() }).nullish() })
		.nullish()
		.catch(undefined),
	entities: z
		.array(z.looseObject({ type: z.string().optional() }))
		.nullish()
		.catch(undefined),
	attachments: z
		.array(z.looseObject({ contentType: z.string() }))
		.nullish()
		.catch(undefined),
	membersAdded: z
		.array(z.looseObject({ id: z.string() }))
		.nullish()
		.catch(undefined),
});

export type TeamsActivity = z.infer<typeof activitySchema>;
