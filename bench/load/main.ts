import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { answerCalls } from "../calls.js";
import { monotonicMs } from "../cloud/ledger.js";
import type { CloudFacts } from "../cloud/main.js";
import { NewsReader } from "./news.js";
import { createTeams, type Teams } from "./teams.js";

/** How a side answers: `cancel` by two cards at least, the last of which notifies; `card` by one card. */
export type Dialogue = "cancel" | "card";

interface Stage {
	readonly teams: Teams;
	readonly news: NewsReader;
	readonly dialogue: Dialogue;
}

let news: NewsReader | undefined;
let stage: Stage | undefined;
let users: { stop: boolean; readonly all: Promise<unknown> } | undefined;
let completed = 0;

function onStage(): Stage {
	if (!stage) throw new Error("no bot has been named yet");
	return stage;
}

/** One conversation from the message to its last card; all times in milliseconds after the message was sent. */
async function converse(conversationId: string) {
	const { teams, news: seen, dialogue } = onStage();
	const jobId = randomUUID();
	const firstCard = seen.card(conversationId);
	const cancel = dialogue === "cancel" ? seen.cancel(jobId) : undefined;
	const alert = dialogue === "cancel" ? seen.alert(conversationId) : undefined;
	// What nobody waits for any more when something else fails first must not end the process.
	for (const wait of [firstCard, cancel, alert]) wait?.catch(() => {});
	const { sentAt, acknowledgedAt } = await teams.say(conversationId, `cancel job ${jobId}`);
	const cancelAt = await cancel;
	const firstCardAt = await firstCard;
	const alertAt = await alert;
	return {
		acknowledged: acknowledgedAt - sentAt,
		firstCard: firstCardAt - sentAt,
		...(cancelAt === undefined ? {} : { cancel: cancelAt - sentAt }),
		...(alertAt === undefined ? {} : { followUp: alertAt - sentAt }),
	};
}

async function beUser(conversationId: string, state: { stop: boolean }): Promise<void> {
	while (!state.stop) {
		await converse(conversationId);
		completed++;
	}
}

/** What the load generator can be asked for by the measurement. */
const calls = {
	async aim({ url, cloud, dialogue }: { url: string; cloud: CloudFacts; dialogue: Dialogue }) {
		news ??= await NewsReader.connect(cloud.newsPort);
		stage = { teams: createTeams(url, cloud), news, dialogue };
	},
	/** One user, one cancel after the other. */
	async inTurn(count: number) {
		const all: Awaited<ReturnType<typeof converse>>[] = [];
		for (let done = 0; done < count; done++) all.push(await converse("one-user-0"));
		return all;
	},
	/** Messages at a steady pace, whatever the bot does; how long each took to be acknowledged, in milliseconds. */
	async atPace({ perSecond, count }: { perSecond: number; count: number }) {
		const sent: Promise<Awaited<ReturnType<typeof converse>>>[] = [];
		for (let number = 0; number < count; number++) {
			sent.push(converse(`paced-${number}`));
			await delay(1_000 / perSecond);
		}
		return (await Promise.all(sent)).map(({ acknowledged }) => acknowledged);
	},
	/** So many users, each of whom begins again when the last card has come. */
	startUsers(count: number) {
		completed = 0;
		const state = { stop: false };
		const all = Array.from({ length: count }, (_, number) => beUser(`loop-${number}`, state));
		users = Object.assign(state, { all: Promise.all(all) });
		users.all.catch(() => {});
	},
	completed: () => completed,
	/** Lets every user come to an end. */
	async stopUsers() {
		if (!users) return;
		users.stop = true;
		await users.all;
	},
	/** Asks for a cancel and waits until Graph was asked and the first card has come, but not for the end. */
	async begin(conversationId: string) {
		const { teams, news: seen } = onStage();
		const jobId = randomUUID();
		const [card, cancel] = [seen.card(conversationId), seen.cancel(jobId)];
		for (const wait of [card, cancel]) wait.catch(() => {});
		await teams.say(conversationId, `cancel job ${jobId}`);
		await Promise.all([card, cancel]);
		return jobId;
	},
	/**
	 * Says `help` when the first of `alerts` notifications has come. After how many milliseconds its answer stood
	 * there, and how long all of them took from the first to the last.
	 */
	async helpAmidst({ conversationId, alerts }: { conversationId: string; alerts: number }) {
		const { teams, news: seen } = onStage();
		const before = seen.alertsSeen;
		const arrived = async (count: number) => {
			while (seen.alertsSeen < before + count) await delay(2);
			return monotonicMs();
		};
		const begun = await arrived(1);
		const card = seen.card(conversationId);
		card.catch(() => {});
		const { sentAt } = await teams.say(conversationId, "help");
		const [answeredAt, ended] = await Promise.all([card, arrived(alerts)]);
		return { helpMs: answeredAt - sentAt, allMs: ended - begun };
	},
};
export type LoadCalls = typeof calls;
answerCalls(calls);
