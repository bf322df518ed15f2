import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Job } from "../../sandbox/cloud/job-life.js";
import { approvalSteps, idIn } from "./approval-steps.js";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

const { admin, admin2 } = PEOPLE;

describe("two people", () => {
	let stage: Stage;
	const { inChat, posts, asked, press, eachCard } = approvalSteps(() => stage);
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

	it("are not one person who presses twice, nor one whose yes became a no", async () => {
		const job = stage.cloud.addJob({ stopLagMs: 0 });
		const chat = `twice-${job.id}`;
		const id = await asked(job, chat);
		const both = await Promise.all([press(admin, "approve", id, chat), press(admin, "approve", id, chat)]);
		expect(both.filter(({ body }) => body.includes("1 more must approve"))).toHaveLength(1);
		expect(both.filter(({ body }) => body.includes("You have approved it already"))).toHaveLength(1);
		expect((await press(admin, "approve", id, chat)).body).toContain("You have approved it already");
		expect((await press(admin, "reject", id, chat)).body).toContain("You rejected it");
		expect((await press(admin2, "approve", id, chat)).body).toContain("This changed nothing");
		await eachCard(chat, /Rejected/u);
		expect(posts(job)).toBe(0);
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
