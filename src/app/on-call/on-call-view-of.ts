import { known } from "../../core/known.js";
import type { Message, Tx } from "../store.js";
import type { OnCallView } from "./on-call-views.js";

/** From so many milliseconds on a message says how late it is. */
const LATE_MS = 60_000;

type OnCallMessage = Extract<Message, { incidentId: string } | { newsId: string }>;

/** What a message to whoever is on call says at this moment, or nothing when there is nothing to say any more. */
export async function onCallViewOf(
	read: Pick<Tx, "incident" | "latestCancellation" | "news">,
	message: OnCallMessage,
	now: Date,
): Promise<OnCallView | undefined> {
	const lateMs = now.getTime() - message.createdAt.getTime();
	const isNew = message.activityId === undefined;
	const doubts = {
		...(message.unclear > 0 ? { mayRepeat: true as const } : {}),
		...(isNew && lateMs >= LATE_MS ? { lateMs } : {}),
	};
	if ("newsId" in message) {
		const news = await read.news(message.newsId);
		return news && { view: "news", tells: news.tells, ...doubts };
	}
	const incident = await read.incident(message.incidentId);
	if (!incident) return undefined;
	const cancellation = await read.latestCancellation(incident.tenantId, incident.job.id);
	return { view: message.kind, incident, at: now.toISOString(), ...known({ cancellation }), ...doubts };
}
