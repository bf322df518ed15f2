import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

const { admin } = PEOPLE;
const FOLLOW_UP = /"alert":true/u;

describe("a bot whose plug is pulled", () => {
	let stage: Stage;
	beforeAll(async () => {
		stage = await openStage();
	});
	afterAll(() => stage.close());

	const inChat = (id: string) => ({
		conversation: { id, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
	});
	const cancels = (jobId: string) => stage.count("POST", new RegExp(`jobs/${jobId}/cancel$`, "u"));
	const followUps = (chat: string) =>
		stage.cloud.connector.sent.filter(
			(s) => s.conversationId === chat && FOLLOW_UP.test(JSON.stringify(s.activity)),
		);

	/** Waits until a request has arrived that fits. */
	async function arrival(method: string, path: RegExp, count = 1) {
		while (stage.count(method, path) < count) await new Promise((resolve) => setTimeout(resolve, 5));
	}

	it.each([
		["while it checks the role", "GET", () => /roleAssignments/u],
		["while Graph takes the cancel", "POST", (id: string) => new RegExp(`${id}/cancel`, "u")],
		["while it follows the job", "GET", (id: string) => new RegExp(`jobs/${id}$`, "u")],
	])("%s goes on after the restart, with one POST and one announcement", async (_when, method, path) => {
		const job = stage.cloud.addJob({ stopLagMs: 1_500 });
		const chat = `killed-${job.id}`;
		const target = path(job.id);
		const before = stage.count(method, target);
		const slow = stage.cloud.faults.add({
			match: (request) => request.method === method && target.test(request.path),
			times: 1,
			do: { delayMs: 700 },
		});
		await stage.say(admin, `cancel job ${job.id} because plug`, inChat(chat));
		await arrival(method, target, before + 1);
		await stage.bot.kill();
		slow();
		await stage.restart();
		await stage.card(chat, FOLLOW_UP);
		expect(cancels(job.id)).toBe(1);
		expect(followUps(chat)).toHaveLength(1);
	});

	it("while the announcement is on its way does not announce twice, and says so on the live card", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 200 });
		const chat = `announcing-${job.id}`;
		const announcing = (body: string) => body.includes(chat) && FOLLOW_UP.test(body);
		const slow = stage.cloud.faults.add({
			match: (request) => request.method === "POST" && announcing(request.body),
			times: 1,
			do: { after: "hang" },
		});
		await stage.say(admin, `cancel job ${job.id}`, inChat(chat));
		while (!stage.cloud.requests.some((r) => r.method === "POST" && announcing(r.body)))
			await new Promise((resolve) => setTimeout(resolve, 5));
		await stage.bot.kill();
		slow();
		await stage.restart();
		await stage.card(chat, /may not have reached/u, "update");
		expect(followUps(chat)).toHaveLength(1);
	});

	it("does not answer again what it had answered, when Teams delivers it again", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `again-${job.id}`;
		const same = { id: `same-${job.id}`, ...inChat(chat) };
		await stage.say(admin, `cancel job ${job.id}`, same);
		await stage.card(chat, FOLLOW_UP);
		await stage.bot.kill();
		await stage.restart();
		await stage.say(admin, `cancel job ${job.id}`, same);
		await stage.say(admin, "help", inChat(chat));
		await stage.card(chat, /what runs, and what ended lately/u);
		expect(
			stage.cloud.connector.sent.filter((s) => s.conversationId === chat && s.how === "create"),
		).toHaveLength(3);
		expect(cancels(job.id)).toBe(1);
	});
});
