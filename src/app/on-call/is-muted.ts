import type { Message, Tx } from "../store.js";

/**
 * Whether a message that has not left tells of jobs where alerts were turned off after it was put on its way. Cards
 * that stand stay true; calls for somebody and digests were not asked for by that.
 */
export async function isMuted(
	message: Message,
	read: Pick<Tx, "news" | "subscriptionsIn">,
): Promise<boolean> {
	if (message.activityId !== undefined || (message.kind !== "alert" && message.kind !== "news")) return false;
	const told = await read.subscriptionsIn(message.conversationKey);
	if (told.some(({ kind }) => kind === "alerts")) return false;
	return !("newsId" in message) || (await read.news(message.newsId))?.tells.what !== "digest";
}
