import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { SentActivity } from "../../sandbox/cloud/connector.js";
import type { Job } from "../../sandbox/cloud/job-life.js";
import { waitFor } from "../wait-for.js";
import { answerOffer, type Offer, offerTrail } from "./file-consent.js";
import { CARD_LIMIT_MS, openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

const { admin, admin2, reader, nobody } = PEOPLE;
const FOLLOW_UP = /"alert":true/u;
const UPLOAD = "/upload/after-the-crash";

/** One kill meets cancellations and answers that are at different moments of their lives; each must go on from its own. */
describe("a bot whose plug is pulled", () => {
	let stage: Stage;
	let unchecked: Job;
	let asked: Job;
	let followed: Job;
	let announced: Job;
	let answered: Job;
	let approved: Job;
	let told: SentActivity;
	let offered: Offer;

	const chat = (job: Job) => `chat-${job.id}`;
	const inChat = (id: string) => ({
		conversation: { id, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
	});
	const cancel = (job: Job) =>
		stage.say(admin, `cancel job ${job.id} because plug`, {
			id: `activity-${job.id}`,
			...inChat(chat(job)),
		});
	const posts = (job: Job) => stage.count("POST", new RegExp(`jobs/${job.id}/cancel$`, "u"));
	const created = (job: Job) =>
		stage.cloud.connector.sent.filter((sent) => sent.conversationId === chat(job) && sent.how === "create");
	/** The cards that stand in a conversation now. */
	const standing = (where: string) => {
		const sent = stage.cloud.connector.sent.filter(({ conversationId }) => conversationId === where);
		return [...new Map(sent.map(({ id, activity }) => [id, JSON.stringify(activity)])).values()];
	};
	const followUps = (job: Job) =>
		created(job).filter((sent) => FOLLOW_UP.test(JSON.stringify(sent.activity)));

	beforeAll(async () => {
		stage = await openStage();
		const { addJob, faults } = stage.cloud;

		// Silence is told after two seconds, which the others take.
		const account = (person: typeof reader) => `/v1.0/users/${person.userId}`;
		faults.add({ match: ({ path }) => path === account(reader), times: 1, do: "hang" });
		await stage.say(reader, "whoami", inChat("checked"));

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

		approved = addJob({ stopLagMs: 200 });
		await stage.say(nobody, `ask approval for job ${approved.id} because plug`, inChat(chat(approved)));
		const open = await stage.card(chat(approved), /"verb":"approve"/u, "create");
		const [, id] = /"id":"([0-9a-f-]{36})","version"/u.exec(JSON.stringify(open.activity)) ?? [];
		// The role is read for the press, and once more right before the call.
		let reads = 0;
		faults.add({ match: ({ path }) => path === account(admin2) && ++reads === 2, do: "hang" });
		const pressed = await stage.press(
			admin2,
			"approve",
			{ id, version: 1 },
			{ ...inChat(chat(approved)), replyToId: open.id },
		);
		expect(pressed.body).toContain("It goes ahead");
		await waitFor(
			"the role to be read again",
			() => reads,
			(read) => read >= 2,
			CARD_LIMIT_MS,
		);
		expect(posts(approved)).toBe(0);

		offered = await offerTrail(stage);
		faults.add({ match: ({ path }) => path === UPLOAD, times: 1, do: "hang" });
		const uploading = stage.next("PUT", new RegExp(UPLOAD, "u"));
		await answerOffer(stage, "accept", offered, `${stage.cloud.origin}${UPLOAD}`);
		await uploading;

		told = await stage.card("checked", /./u, "create");

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
		await stage.say(admin, "help", inChat(chat(answered)));
		await stage.card(chat(answered), /what runs, and what ended lately/u);
		expect(created(answered)).toHaveLength(3);
		expect(posts(answered)).toBe(1);
	});

	it("between the last approval and the POST carries it on", async () => {
		await stage.card(chat(approved), FOLLOW_UP, "create");
		await waitFor(
			"each card about it to tell the end",
			() => standing(chat(approved)),
			(cards) => cards.every((card) => card.includes("job stopped")),
			CARD_LIMIT_MS,
		);
		expect(posts(approved)).toBe(1);
	});

	it("while it says what is being checked answers on that card", async () => {
		const answer = await stage.card("checked", new RegExp(reader.name, "u"), "update");
		expect(answer.id).toBe(told.id);
		const sent = stage.cloud.connector.sent.filter(({ conversationId }) => conversationId === "checked");
		expect(sent.filter(({ how }) => how === "create")).toHaveLength(1);
	});

	it("between the yes and the file sends the file, once", async () => {
		await stage.cloud.connector.find(
			"the file in the offer's place",
			({ id, how }) => id === offered.message && how === "update",
			60_000,
		);
		expect(stage.cloud.files.uploaded.filter(({ path }) => path === UPLOAD)).toHaveLength(1);
	});

	it("never prints a name, a reason or a failure of its own", () => {
		const printed = stage.bot.lines.join("\n");
		expect(printed).toContain(approved.id);
		expect(printed).not.toMatch(/\bplug\b/u);
		for (const { name } of Object.values(PEOPLE)) expect(printed).not.toContain(name);
		expect(printed).not.toMatch(/"level":"(error|fatal)"/u);
	});
});
