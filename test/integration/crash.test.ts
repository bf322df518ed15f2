import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Job } from "../../sandbox/cloud/job-life.js";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

const { admin } = PEOPLE;
const FOLLOW_UP = /"alert":true/u;

/** One kill meets cancellations that are at different moments of their lives; each must go on from its own. */
describe("a bot whose plug is pulled", () => {
	let stage: Stage;
	let unchecked: Job;
	let asked: Job;
	let followed: Job;
	let announced: Job;
	let answered: Job;

	const chat = (job: Job) => `chat-${job.id}`;
	const cancel = (job: Job) =>
		stage.say(admin, `cancel job ${job.id} because plug`, {
			id: `activity-${job.id}`,
			conversation: { id: chat(job), conversationType: "groupChat", tenantId: stage.cloud.tenantId },
		});
	const posts = (job: Job) => stage.count("POST", new RegExp(`jobs/${job.id}/cancel$`, "u"));
	const created = (job: Job) =>
		stage.cloud.connector.sent.filter((sent) => sent.conversationId === chat(job) && sent.how === "create");
	const followUps = (job: Job) =>
		created(job).filter((sent) => FOLLOW_UP.test(JSON.stringify(sent.activity)));

	beforeAll(async () => {
		stage = await openStage();
		const { addJob, faults } = stage.cloud;

		answered = addJob({ stopLagMs: 0 });
		await cancel(answered);
		await stage.card(chat(answered), FOLLOW_UP);

		followed = addJob({ stopLagMs: 3_000 });
		await cancel(followed);
		await stage.card(chat(followed), /Stopping, not stopped yet/u);
		const reading = new RegExp(`jobs/${followed.id}$`, "u");
		faults.add({ match: ({ method, path }) => method === "GET" && reading.test(path), times: 1, do: "hang" });
		await stage.next("GET", reading);

		announced = addJob({ stopLagMs: 200 });
		const announcing = (path: string, body: string) => path.includes(chat(announced)) && FOLLOW_UP.test(body);
		faults.add({
			match: ({ method, path, body }) => method === "POST" && announcing(path, body),
			times: 1,
			do: { after: "hang" },
		});
		await cancel(announced);
		await stage.card(chat(announced), FOLLOW_UP);

		unchecked = addJob({ stopLagMs: 1_500 });
		const roles = /roleAssignments/u;
		faults.add({ match: ({ path }) => roles.test(path), times: 1, do: "hang" });
		const checking = stage.next("GET", roles);
		await cancel(unchecked);
		await checking;

		// Graph goes on with what has reached it although nobody waits for the answer any more.
		asked = addJob({ stopLagMs: 1_500 });
		const asking = new RegExp(`jobs/${asked.id}/cancel$`, "u");
		faults.add({ match: ({ path }) => asking.test(path), times: 1, do: { delayMs: 700 } });
		const asks = stage.next("POST", asking);
		await cancel(asked);
		await asks;

		await stage.bot.kill();
		await stage.restart();
	});
	afterAll(() => stage?.close());

	it.each([
		["while it checks the role", () => unchecked],
		["while Graph takes the cancel", () => asked],
		["while it follows the job", () => followed],
	])("%s goes on after the restart, with one POST and one announcement", async (_when, job) => {
		await stage.card(chat(job()), FOLLOW_UP);
		expect(posts(job())).toBe(1);
		expect(followUps(job())).toHaveLength(1);
	});

	it("while the announcement is on its way does not announce twice, and says so on the live card", async () => {
		await stage.card(chat(announced), /may not have reached/u, "update");
		expect(followUps(announced)).toHaveLength(1);
	});

	it("does not answer again what it had answered, when Teams delivers it again", async () => {
		await cancel(answered);
		await stage.say(admin, "help", {
			conversation: { id: chat(answered), conversationType: "groupChat", tenantId: stage.cloud.tenantId },
		});
		await stage.card(chat(answered), /what runs, and what ended lately/u);
		expect(created(answered)).toHaveLength(3);
		expect(posts(answered)).toBe(1);
	});
});
