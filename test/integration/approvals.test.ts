import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Job } from "../../sandbox/cloud/job-life.js";
import type { Person } from "../../sandbox/cloud/people.js";
import { waitFor } from "../wait-for.js";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

const { admin, admin2, reader, nobody } = PEOPLE;

/** Everything that the tests of one stage share. */
function on(stage: () => Stage) {
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
	return {
		inChat,
		posts,
		/** The cards that stand in a conversation now, by their id. */
		latest,
		async asked(job: Job, chat: string, person: Person = nobody): Promise<string> {
			await stage().say(person, `ask approval for job ${job.id} because wrong snapshot`, inChat(chat));
			const card = await stage().card(chat, /"verb":"approve"/u, "create");
			return idIn(JSON.stringify(card.activity));
		},
		press: (person: Person, verb: string, id: string, chat: string, more: object = {}, card = "sent-1") =>
			stage().press(person, verb, { id, version: 1, ...more }, inChat(chat, { replyToId: card })),
		/** Waits until each card that stands in the conversation about this fits. */
		eachCard: (chat: string, fits: RegExp, limitMs = 5_000) =>
			waitFor(
				`each card in ${chat} to show ${fits}`,
				() => [...latest(chat).values()],
				(cards) => cards.length > 0 && cards.every((card) => fits.test(card)),
				limitMs,
			),
	};
}

function idIn(card: string): string {
	const id = /"id":"([0-9a-f-]{36})","version"/u.exec(card)?.[1];
	if (id === undefined) throw new Error(`no id in ${card}`);
	return id;
}

describe("a request for approval in its cloud", () => {
	let stage: Stage;
	const { inChat, posts, latest, asked, press, eachCard } = on(() => stage);
	beforeAll(async () => {
		stage = await openStage({ APPROVALS: "on-request" });
		stage.cloud.connector.members.set("deciders", [admin, admin2]);
		await stage.say(admin, "approvals here", inChat("deciders"));
		await stage.card("deciders", /are shown here/u);
	});
	afterAll(() => stage?.close());

	it("is asked for on the refusal, decided elsewhere, carried out, and told to everybody", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 300 });
		const chat = `asked-${job.id}`;
		stage.cloud.connector.members.set(chat, [nobody]);
		await stage.say(nobody, `cancel job ${job.id}`, inChat(chat));
		const refusal = await stage.card(chat, /ask-approval/u, "create");
		const pressed = await press(
			nobody,
			"ask-approval",
			job.id,
			chat,
			{ comment: "wrong snapshot" },
			refusal.id,
		);
		expect(pressed.body).toMatch(/recorded/iu);
		const own = await stage.card(chat, /"verb":"withdraw"/u, "create");
		const id = idIn(JSON.stringify(own.activity));
		const card = await stage.card("deciders", new RegExp(id, "u"), "create");
		const text = JSON.stringify(card.activity);
		expect(text).toContain("wrong snapshot");
		expect(text).toContain(`"userIds":["${admin.channelUserId}","${admin2.channelUserId}"]`);
		expect(posts(job)).toBe(0);

		const answer = await press(admin2, "approve", id, "deciders", { comment: "go on" }, card.id);
		expect(answer.status).toBe(200);
		expect(answer.body).toContain("It goes ahead");
		await stage.card(chat, /"alert":true.*job stopped|job stopped.*"alert":true/u, "create");
		expect(posts(job)).toBe(1);
		await waitFor(
			"the copy of the deciders to tell the end",
			() => latest("deciders").get(card.id) ?? "",
			(shown) => shown.includes("job stopped") && shown.includes("go on") && shown.includes('"userIds":[]'),
			5_000,
		);
		expect(latest("deciders").get(card.id)).not.toContain('"verb":"approve"');
		expect(JSON.stringify(latest(chat).get(own.id) ?? "")).toContain("Grady Archie");
	});

	it("lets nobody decide who asked, who may not, or who comes late", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 300 });
		const chat = `noes-${job.id}`;
		const id = await asked(job, chat);
		expect((await press(nobody, "approve", id, chat)).body).toContain("This did not count");
		expect((await press(reader, "approve", id, chat)).body).toContain("You hold no role");
		expect(posts(job)).toBe(0);
		expect((await press(admin, "reject", id, chat, { comment: "this one is wanted" })).body).toContain(
			"You rejected it",
		);
		const late = await press(admin2, "approve", id, chat);
		expect(late.body).toContain("Adele Vance");
		expect(late.body).toContain("this one is wanted");
		expect(posts(job)).toBe(0);
	});

	it("makes one POST of two approvals at the same moment in two conversations", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 300 });
		const chat = `race-${job.id}`;
		const id = await asked(job, chat);
		const answers = await Promise.all([
			press(admin, "approve", id, chat),
			press(admin2, "approve", id, "deciders"),
		]);
		expect(answers.map(({ status }) => status)).toEqual([200, 200]);
		expect(answers.filter(({ body }) => body.includes("You approved it"))).toHaveLength(1);
		await eachCard(chat, /job stopped/u);
		expect(posts(job)).toBe(1);
	});

	it("is decided by typing, too", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `typed-${job.id}`;
		await asked(job, chat);
		const [receipt = ""] = /RC-[0-9A-Z]{6}/u.exec([...latest(chat).values()].join()) ?? [];
		await stage.say(admin, "approvals", inChat(`list-${chat}`));
		await stage.card(`list-${chat}`, new RegExp(receipt, "u"));
		await stage.say(admin, `approve ${receipt} because it must stop`, inChat(chat));
		await stage.card(chat, /job stopped/u);
		await stage.say(nobody, `why ${receipt}`, inChat(`why-${chat}`));
		await stage.card(`why-${chat}`, /it must stop/u);
		expect(posts(job)).toBe(1);
	});

	it("refreshes without a call to Graph, and without anything else", async () => {
		const job = stage.cloud.addJob({});
		const id = await asked(job, `fresh-${job.id}`);
		const graph = () =>
			stage.cloud.requests.filter(
				({ path }) => path.startsWith("/v1.0/roleManagement") || path.startsWith("/v1.0/users"),
			).length;
		await stage.card("deciders", new RegExp(id, "u"), "create");
		const sent = () =>
			stage.cloud.connector.sent.filter(({ activity }) => JSON.stringify(activity).includes(id)).length;
		const before = { graph: graph(), sent: sent() };
		for (const person of [nobody, admin, admin2]) {
			const fresh = await stage.press(
				person,
				"refresh-approval",
				{ id, version: 1 },
				inChat(`fresh-${job.id}`),
			);
			const body = JSON.parse(fresh.body);
			expect(body.type).toBe("application/vnd.microsoft.card.adaptive");
			expect(fresh.body.includes('"verb":"withdraw"')).toBe(person === nobody);
			expect(fresh.body.includes('"verb":"approve"')).toBe(person !== nobody);
		}
		const forged = await stage.press(admin, "refresh-approval", { id: "x", version: 1 }, inChat("nowhere"));
		expect(JSON.parse(forged.body).statusCode).toBe(400);
		expect({ graph: graph(), sent: sent() }).toEqual(before);
	});

	it("never prints a name or a reason in its log", () => {
		const printed = stage.bot.lines.join("\n");
		expect(printed).not.toContain("wrong snapshot");
		expect(printed).not.toContain("Grady Archie");
		expect(printed).not.toMatch(/"level":"(error|fatal)"/u);
	});
});

describe("two people", () => {
	let stage: Stage;
	const { inChat, posts, asked, press, eachCard } = on(() => stage);
	beforeAll(async () => {
		stage = await openStage({ APPROVALS: "two-person", EMERGENCY_OVERRIDE: "true" });
	});
	afterAll(() => stage?.close());

	const cancelled = async (job: Job, chat: string) => {
		await stage.say(admin, `cancel job ${job.id} because wrong snapshot`, inChat(chat));
		const card = await stage.card(chat, /"verb":"approve"/u, "create");
		return idIn(JSON.stringify(card.activity));
	};

	it("stand behind every recovery job: who cancels it, and one other", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `two-${job.id}`;
		const id = await cancelled(job, chat);
		expect((await press(admin, "approve", id, chat)).body).toContain("This did not count");
		expect((await press(admin2, "approve", id, chat)).body).toContain("It goes ahead");
		await eachCard(chat, /job stopped/u);
		expect(posts(job)).toBe(1);
	});

	it("are two others where the asker holds no role", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `others-${job.id}`;
		const id = await asked(job, chat);
		expect((await press(admin, "approve", id, chat)).body).toContain("1 more must approve");
		expect(posts(job)).toBe(0);
		await press(admin2, "approve", id, chat);
		await eachCard(chat, /job stopped/u);
	});

	it("are fewer when the asker loses the role before the call, and then it waits again", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `lost-${job.id}`;
		const id = await cancelled(job, chat);
		const { directory } = stage.cloud;
		const all = [...directory.assignments];
		directory.assignments = all.filter(({ principalId }) => principalId !== admin.userId);
		await press(admin2, "approve", id, chat);
		await eachCard(chat, /1 of 2/u);
		expect(posts(job)).toBe(0);
		directory.assignments = all;
	});

	it("are skipped in an emergency, which another person reviews", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `emergency-${job.id}`;
		await stage.say(admin, `cancel job ${job.id} --emergency because users are lost`, inChat(chat));
		const review = await stage.card(chat, /acknowledge-review/u, "create");
		const id = idIn(JSON.stringify(review.activity));
		expect((await press(admin, "acknowledge-review", id, chat, {}, review.id)).body).toContain(
			"cannot close its review",
		);
		expect((await press(admin2, "acknowledge-review", id, chat, {}, review.id)).body).toContain(
			"The review is closed",
		);
		expect(posts(job)).toBe(1);
	});

	const server = process.env.DATABASE_URL !== undefined;
	(server ? it : it.skip)("may press at the same moment on two instances: one POST", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 300 });
		const chat = `instances-${job.id}`;
		const id = await cancelled(job, chat);
		const first = stage.bot;
		const second = await stage.another();
		const one = press(admin2, "approve", id, chat);
		stage.bot = second;
		const other = press(admin2, "approve", id, chat);
		const bodies = (await Promise.all([one, other])).map(({ body }) => body);
		stage.bot = first;
		expect(bodies.filter((body) => body.includes("It goes ahead"))).toHaveLength(1);
		await eachCard(chat, /job stopped/u);
		expect(posts(job)).toBe(1);
		await second.stop();
	});
});
