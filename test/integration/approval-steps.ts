import type { Job } from "../../sandbox/cloud/job-life.js";
import type { Person } from "../../sandbox/cloud/people.js";
import { waitFor } from "../wait-for.js";
import { CARD_LIMIT_MS, PEOPLE, type Stage } from "./stage.js";

export interface Asked {
	readonly job: Job;
	readonly chat: string;
	readonly id: string;
	readonly receipt: string;
	/** The card that stands in the chat for it. */
	readonly card: string;
}

/** What is done and seen again and again where others decide, on one stage. */
export function approvalSteps(stage: () => Stage) {
	const inChat = (id: string, more: object = {}) => ({
		conversation: { id, conversationType: "groupChat", tenantId: stage().cloud.tenantId },
		...more,
	});
	const posts = (job: Job) => stage().count("POST", new RegExp(`jobs/${job.id}/.*cancel$`, "u"));
	const latest = (where: string) => {
		const cards = new Map<string, string>();
		for (const { conversationId, id, activity } of stage().cloud.connector.sent)
			if (conversationId === where) cards.set(id, JSON.stringify(activity));
		return cards;
	};
	async function asked(job: Job, chat: string, person: Person = PEOPLE.nobody): Promise<string> {
		await stage().say(person, `ask approval for job ${job.id} because wrong snapshot`, inChat(chat));
		const card = await stage().card(chat, /"verb":"approve"/u, "create");
		return idIn(JSON.stringify(card.activity));
	}
	return {
		inChat,
		posts,
		/** The cards that stand in a conversation now, by their id. */
		latest,
		asked,
		/** The request for a new job, in a chat of its own. */
		async request(what: string, stopLagMs = 0): Promise<Asked> {
			const job = stage().cloud.addJob({ stopLagMs });
			const chat = `${what}-${job.id}`;
			const id = await asked(job, chat);
			const [card = "", text = ""] = [...latest(chat)].find(([, shown]) => shown.includes(id)) ?? [];
			return { job, chat, id, card, receipt: /RC-[0-9A-Z]{6}/u.exec(text)?.[0] ?? "" };
		},
		press: (person: Person, verb: string, id: string, chat: string, more: object = {}, card = "sent-1") =>
			stage().press(person, verb, { id, version: 1, ...more }, inChat(chat, { replyToId: card })),
		/** Waits until each card that stands in the conversation about this fits. */
		eachCard: (chat: string, fits: RegExp, limitMs = CARD_LIMIT_MS) =>
			waitFor(
				`each card in ${chat} to show ${fits}`,
				() => [...latest(chat).values()],
				(cards) => cards.length > 0 && cards.every((card) => fits.test(card)),
				limitMs,
			),
	};
}

/** The id of the request for approval that a card is about. */
export function idIn(card: string): string {
	const id = /"id":"([0-9a-f-]{36})","version"/u.exec(card)?.[1];
	if (id === undefined) throw new Error(`no id in ${card}`);
	return id;
}
