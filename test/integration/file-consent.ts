import { PEOPLE, type Stage } from "./stage.js";

const CONSENT = "application/vnd.microsoft.teams.card.file.consent";

/** A file that the bot has offered. */
export interface Offer {
	readonly id: string;
	/** The message that offers it. */
	readonly message: string;
}

/** Has the audit trail offered to somebody who may have it, in their personal chat. */
export async function offerTrail(stage: Stage): Promise<Offer> {
	const before = stage.cloud.connector.sent.length;
	await stage.say(PEOPLE.admin, "export ndjson");
	const sent = await stage.cloud.connector.find(
		"an offer of a file",
		(one) =>
			stage.cloud.connector.sent.indexOf(one) >= before && JSON.stringify(one.activity).includes(CONSENT),
		30_000,
	);
	const [attachment] = sent.activity.attachments as { content: { acceptContext: { id: string } } }[];
	return { id: attachment?.content.acceptContext.id ?? "", message: sent.id };
}

/** Answers an offer the way Teams does, which says where an accepted file goes. */
export function answerOffer(stage: Stage, action: "accept" | "decline", of: Offer, uploadUrl?: string) {
	return stage.say(PEOPLE.admin, "", {
		type: "invoke",
		name: "fileConsent/invoke",
		text: undefined,
		replyToId: of.message,
		value: {
			type: "fileUpload",
			action,
			context: { id: of.id },
			...(uploadUrl && {
				uploadInfo: {
					uploadUrl,
					contentUrl: `${stage.cloud.origin}/file.ndjson`,
					name: "trail.ndjson",
					uniqueId: "unique",
					fileType: "ndjson",
				},
			}),
		},
	});
}
