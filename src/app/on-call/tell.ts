import type { News } from "../../core/on-call/news.js";
import type { Tick } from "../../core/on-call/watched.js";
import type { Clock, Ids } from "../ports.js";
import type { NewMessage, Tx } from "../store.js";

/** Puts cards and news on their way, in the transaction of what they tell. */
export async function tell(
	tx: Tx,
	{ cards, news }: Pick<Tick, "cards" | "news">,
	{ clock, ids }: { readonly clock: Clock; readonly ids: Ids },
): Promise<void> {
	const createdAt = clock.now();
	const records = news
		.filter(({ place }) => place === "record")
		.map(({ conversationKey }) => conversationKey);
	const channels = new Set(await tx.channelsAmong([...new Set(records)]));
	const told = news
		.filter(({ place, conversationKey }) => place !== "record" || channels.has(conversationKey))
		.map((one) => ({ ...one, id: ids.uuid() }));
	await tx.addNews(told, createdAt);
	const unique = new Map(cards.map((card) => [Object.values(card).join(" "), card]));
	const messages: NewMessage[] = [
		...[...unique.values()].map((card) => ({ ...card, id: ids.uuid(), createdAt })),
		...told.map((one) => ({
			id: ids.uuid(),
			kind: kindOf(one),
			newsId: one.id,
			conversationKey: one.conversationKey,
			createdAt,
		})),
	];
	for (const messageId of await tx.ensureMessages(messages))
		tx.enqueue({ queue: "post", data: { messageId }, afterMs: 0 });
}

function kindOf({ urgent }: News): "news" | "page" {
	return urgent ? "page" : "news";
}
