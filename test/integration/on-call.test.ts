import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { openStage, PEOPLE, type Stage } from "./stage.js";

const { admin, admin2, reader, nobody } = PEOPLE;
const CHANNEL = "19:ops@thread.tacv2";
const GROUP = "90000000-0000-4000-8000-0000000000cc";
const onServer = process.env.DATABASE_URL === undefined ? it.skip : it;
jest.setTimeout(60_000);
/**
 * What a killed instance had claimed is missed after 10 s, set free and seen by a pass within 28 s more, and up again 1
 * to 2 s later; then the jobs are looked at, and the card is sent.
 */
const TAKEN_OVER_MS = 45_000;

describe("the bot in a channel of whoever is on call", () => {
	let stage: Stage;
	beforeAll(async () => {
		stage = await openStage({ ALERT_POLL_MS: "1000", ONCALL_GROUP: GROUP });
		stage.cloud.directory.memberships.push({ groupId: GROUP, userId: nobody.userId });
	}, 60_000);
	afterAll(() => stage?.close(), 30_000);

	const inThread = (root: string) => ({
		conversation: {
			id: `${CHANNEL};messageid=${root}`,
			conversationType: "channel",
			tenantId: stage.cloud.tenantId,
		},
	});
	const about = (jobId: string) => new RegExp(jobId, "u");
	/** The pressed button's data, as the card carries it. */
	function button(activity: object, verb: string): { id: string; version: number } {
		const found = new RegExp(`"verb":"${verb}"[^}]*"data":(\\{[^}]*\\})`, "u").exec(JSON.stringify(activity));
		if (!found?.[1]) throw new Error(`no ${verb} on the card`);
		return JSON.parse(found[1]);
	}
	const sentAbout = (jobId: string, how: "create" | "update", where = CHANNEL) =>
		stage.cloud.connector.sent.filter(
			(sent) =>
				sent.how === how && sent.conversationId === where && JSON.stringify(sent.activity).includes(jobId),
		);

	it("tells of a job, has it taken, cancelled and handed over, each step in its thread", async () => {
		await stage.say(reader, "<at>Recovery Control</at> alerts on", inThread("1"));
		await stage.card(CHANNEL, /No job is running/u);
		const job = stage.cloud.addJob({ stopLagMs: 300 });
		const root = await stage.card(CHANNEL, about(job.id), "create");

		// On call, although without any role.
		const taken = await stage.press(
			nobody,
			"take-incident",
			{ ...button(root.activity, "take-incident"), minutes: "20" },
			{ ...inThread(root.id), replyToId: root.id },
		);
		expect(taken.body).toContain(nobody.name);
		await stage.card(CHANNEL, new RegExp(nobody.name, "u"), "update");
		await stage.card(`${CHANNEL};messageid=${root.id}`, new RegExp(`${nobody.name} has it`, "u"));

		await stage.press(
			admin,
			"cancel-incident-job",
			{ id: job.id, version: 1, reason: "drill" },
			inThread(root.id),
		);
		await stage.card(`${CHANNEL};messageid=${root.id}`, /"alert":true.*drill|drill.*"alert":true/u);
		await stage.card(`${CHANNEL};messageid=${root.id}`, /asked by .*Adele Vance/u);
		await stage.card(CHANNEL, /Recovery job: Stopped/u, "update");

		await stage.say(admin2, "handover 24h", inThread("1"));
		const handover = await stage.card(`${CHANNEL};messageid=1`, /Handover/u);
		expect(JSON.stringify(handover.activity)).toContain("asked by Adele Vance");
	});

	it("says nothing again after it was killed, but for the card that was on its way, and goes on", async () => {
		const chat = `chat-${reader.key}`;
		await stage.say(reader, "alerts on");
		await stage.card(chat, /No job is running/u);
		const job = stage.cloud.addJob({});
		stage.cloud.faults.add({
			match: ({ method, path, body }) => method === "POST" && path.includes(chat) && body.includes(job.id),
			times: 1,
			do: { after: "hang" },
		});
		await Promise.all([CHANNEL, chat].map((where) => stage.card(where, about(job.id), "create")));
		await stage.next("GET", /\/recovery\/jobs$/u);
		await stage.bot.kill();
		await stage.restart();
		const next = stage.cloud.addJob({});
		await stage.card(CHANNEL, about(next.id), "create");
		await stage.card(chat, new RegExp(`(?=.*${job.id}).*May be a repeat`, "u"), "create");
		await stage.card(chat, about(next.id), "create");
		expect(sentAbout(job.id, "create")).toHaveLength(1);
		expect(sentAbout(next.id, "create")).toHaveLength(1);
		expect(sentAbout(job.id, "create", chat)).toHaveLength(2);
		expect(sentAbout(next.id, "create", chat)).toHaveLength(1);
		await stage.say(reader, "alerts off");
		await stage.card(chat, /not told of here any more/u);
	});

	it("lets an onlooker take nothing", async () => {
		const job = stage.cloud.addJob({});
		const root = await stage.card(CHANNEL, about(job.id), "create");
		await stage.press(reader, "take-incident", button(root.activity, "take-incident"), inThread(root.id));
		await stage.card(`${CHANNEL};messageid=${root.id}`, /you may not cancel jobs/u);
		expect(sentAbout(job.id, "update")).toEqual([]);
	});

	onServer(
		"is told once by two instances, which ask Graph no more often than one",
		async () => {
			const other = await stage.another();
			const job = stage.cloud.addJob({});
			const { id, activity } = await stage.card(CHANNEL, about(job.id), "create");
			const before = stage.count("GET", /\/recovery\/jobs$/u);
			await new Promise((resolve) => setTimeout(resolve, 5_000));
			const lists = stage.count("GET", /\/recovery\/jobs$/u) - before;
			expect(lists).toBeGreaterThan(2);
			expect(lists).toBeLessThanOrEqual(6);
			expect(sentAbout(job.id, "create")).toHaveLength(1);
			// Two who take it at the same moment are told of the same one.
			const take = (person: typeof admin) =>
				stage.press(person, "take-incident", button(activity, "take-incident"), inThread(id));
			const one = take(admin);
			const first = stage.bot;
			stage.bot = other;
			const two = take(admin2);
			stage.bot = first;
			const bodies = (await Promise.all([one, two])).map(({ body }) => body);
			const takers = [admin, admin2].filter(({ name }) =>
				bodies.every((body) => body.includes(`${name} has it`)),
			);
			expect(takers).toHaveLength(1);
			await stage.card(`${CHANNEL};messageid=${id}`, new RegExp(`${takers[0]?.name} has it`, "u"));
			// Whichever was looking, the other goes on.
			await other.kill();
			const next = stage.cloud.addJob({});
			await stage.cloud.connector.find(
				"an alert by the instance that is left",
				() => sentAbout(next.id, "create").length > 0,
				TAKEN_OVER_MS,
			);
			expect(sentAbout(next.id, "create")).toHaveLength(1);
		},
		90_000,
	);

	it.each([
		["a chat", "left-chat", { id: "left-chat" }],
		// Teams may name the thread in which it was removed.
		["a channel", "19:left@thread.tacv2", { id: "19:left@thread.tacv2;messageid=9" }],
	])(
		"tells nothing any more in %s from which it was removed, and greets when it is back",
		async (kind, where, from) => {
			const conversationType = kind === "a chat" ? "groupChat" : "channel";
			const inIt = { conversation: { id: where, conversationType, tenantId: stage.cloud.tenantId } };
			const install = (action: "add" | "remove", conversation: object = {}) =>
				stage.say(admin, "", {
					type: "installationUpdate",
					action,
					conversation: { ...inIt.conversation, ...conversation },
				});
			const greetings = () =>
				stage.cloud.connector.sent.filter(
					({ conversationId, activity }) =>
						conversationId === where && JSON.stringify(activity).includes("Hello"),
				).length;
			const greeted = (times: number) =>
				stage.cloud.connector.find(`greeting ${times} in ${where}`, () => greetings() === times);
			await install("add");
			await greeted(1);
			await stage.say(reader, "alerts on", inIt);
			await stage.card(where, /Jobs are told of here from now on/u);

			await install("remove", from);
			await install("add");
			await greeted(2);
			await stage.say(reader, "alerts off", inIt);
			await stage.card(where, /No jobs were told of here/u);
		},
	);

	it("asks Graph no more once alerts are off", async () => {
		await stage.say(reader, "alerts off", inThread("2"));
		await stage.card(`${CHANNEL};messageid=2`, /not told of here any more/u);
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		const before = stage.count("GET", /\/recovery\/jobs$/u);
		await new Promise((resolve) => setTimeout(resolve, 2_500));
		expect(stage.count("GET", /\/recovery\/jobs$/u)).toBe(before);
	});
});
