import { afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { SentActivity } from "../../../sandbox/cloud/connector.js";
import { PEOPLE, type Stage } from "../stage.js";

const { admin, admin2, reader, nobody } = PEOPLE;
const CARD = "application/vnd.microsoft.card.adaptive";
const WORDS = "application/vnd.microsoft.activity.message";
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu;

/** Asking, and pressing buttons, without anything being cancelled for long. `opened` gives the stage once it is open. */
export function askingAndPressing(opened: () => Stage): void {
	describe("asking the bot, and pressing its buttons", () => {
		let stage: Stage;
		beforeAll(() => {
			stage = opened();
		});
		afterEach(() => stage.cloud.faults.clear());

		const inChat = (id: string) => ({
			conversation: { id, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
		});
		const sentTo = (chat: string) =>
			stage.cloud.connector.sent.filter((sent) => sent.conversationId === chat);
		const created = (chat: string) => sentTo(chat).filter(({ how }) => how === "create");
		const cardOf = (sent: SentActivity) => JSON.stringify(sent.activity);
		const cancels = (jobId: string) => stage.count("POST", new RegExp(`jobs/${jobId}/.*cancel$`, "u"));
		const directory = (path: string) => /roleAssignments|\/users\//u.test(path);
		/** The next reading of this person's account takes so long; two seconds of silence are told. */
		const slowAccount = (person: typeof admin, delayMs: number) =>
			stage.cloud.faults.add({
				match: ({ path }) => path.includes(`/users/${person.userId}`),
				times: 1,
				do: { delayMs },
			});

		// While no other job runs.
		it("offers the one job that runs to a cancel that names none, and cancels nothing by that", async () => {
			const job = stage.cloud.addJob({});
			await stage.say(admin, "please stop it now");
			// Not the first card: on a busy machine that says that it is still checking.
			const offer = await stage.card(`chat-${admin.key}`, new RegExp(`"id":"${job.id}"`, "u"));
			expect(cardOf(offer)).toContain('"verb":"cancel-job"');
			expect(stage.count("POST", /cancel$/u)).toBe(0);
			await stage.say(reader, "stop it");
			const forReader = await stage.card(`chat-${reader.key}`, new RegExp(job.id, "u"));
			expect(cardOf(forReader)).not.toContain('"verb":"cancel-job"');
		});

		it.concurrent("says by name through which group somebody holds the role, and asks for it once", async () => {
			const names = () => stage.count("GET", /\/v1\.0\/groups$/u);
			for (const chat of ["first", "second"]) {
				await stage.say(admin2, "whoami", inChat(`named-${chat}`));
				const told = await stage.card(`named-${chat}`, /through group/u);
				expect(cardOf(told)).toContain("through group Recovery admins");
			}
			expect(names()).toBe(1);
		});

		it.concurrent("shows at once that it types, in one call, and calls a slow check no answer", async () => {
			const job = stage.cloud.addJob({});
			slowAccount(reader, 2_300);
			await stage.say(reader, "jobs", inChat("slow"));
			await stage.card("slow", /./u, "create");
			expect(stage.cloud.connector.typing.filter((chat) => chat === "slow")).toHaveLength(1);
			const answer = await stage.card("slow", /./u, "update");
			expect(created("slow").map(({ id }) => id)).toEqual([answer.id]);
			expect(sentTo("slow")).toHaveLength(2);
			expect(cardOf(answer)).toContain(job.id);
		});

		it.concurrent("turns the card that says what is being checked into the live card", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 200 });
			const chat = `slow-${job.id}`;
			slowAccount(admin, 3_500);
			await stage.say(admin, `cancel job ${job.id}`, inChat(chat));
			await stage.card(chat, /"alert":true/u, "create");
			const [first, ...more] = created(chat);
			expect(more).toHaveLength(1);
			const updates = sentTo(chat).filter(({ how }) => how === "update");
			expect(updates.length).toBeGreaterThan(0);
			expect(updates.every(({ id }) => id === first?.id)).toBe(true);
			expect(cancels(job.id)).toBe(1);
		});

		it("refuses nobody while the directory is out, sends nothing, and tries again for the same person only", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 200 });
			const chat = `out-${job.id}`;
			const over = stage.cloud.faults.add({ match: ({ path }) => directory(path), do: { status: 503 } });
			await stage.say(admin, `cancel job ${job.id} because wrong`, inChat(chat));
			const told = await stage.card(chat, /role-unavailable/u, "create");
			expect(cardOf(told)).not.toMatch(/may not/u);
			// Besides the job's id, the card carries that of the request.
			const ids = JSON.stringify(told.activity.attachments).match(GUID) ?? [];
			const data = { id: ids.find((id) => id !== job.id), version: 1 };
			const pressed = { ...inChat(chat), replyToId: told.id };
			over();
			const others = await stage.press(reader, "try-again", data, pressed);
			expect(others.body).toContain("not-your-request");
			expect(cancels(job.id)).toBe(0);
			const answer = await stage.press(admin, "try-again", data, pressed);
			expect(JSON.parse(answer.body)).toMatchObject({ statusCode: 200, type: CARD });
			expect(answer.body).toContain("wrong");
			expect(await stage.card(chat, /RC-/u, "update")).toMatchObject({ id: told.id });
			await stage.card(chat, /"alert":true/u, "create");
			expect(cancels(job.id)).toBe(1);
		});

		it("keeps a list a list: after a cancel, after a refusal, and for somebody who may not see it", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 60_000 });
			const chat = `list-${job.id}`;
			await stage.say(reader, "jobs", inChat(chat));
			const list = await stage.card(chat, new RegExp(job.id, "u"), "create");
			const press = async (person: typeof admin, verb: string, data: object) => {
				const { body } = await stage.press(person, verb, data, { ...inChat(chat), replyToId: list.id });
				return JSON.parse(body);
			};
			const row = { id: job.id, version: 1 };
			const refused = await press(reader, "cancel-listed-job", row);
			expect(refused.type).toBe(CARD);
			expect(JSON.stringify(refused.value)).toContain('"verb":"cancel-listed-job"');
			const another = ({ conversationId, how, id }: SentActivity) =>
				conversationId === chat && how === "create" && id !== list.id;
			await stage.cloud.connector.find("the refusal", another);
			expect(await press(nobody, "cancel-listed-job", row)).toMatchObject({ type: WORDS });
			const opened = await press(admin, "cancel-listed-job", row);
			expect(opened.type).toBe(CARD);
			expect(JSON.stringify(opened.value)).toMatch(new RegExp(`${admin.name}, RC-`, "u"));
			await stage.card(chat, /RC-/u, "create");
			const refreshed = await press(reader, "refresh-jobs", { id: "jobs", version: 1 });
			expect(JSON.stringify(refreshed.value)).toMatch(new RegExp(`${admin.name}, RC-`, "u"));
			const updates = sentTo(chat).filter(({ id, how }) => id === list.id && how === "update");
			expect(updates.length).toBeGreaterThan(1);
			expect(updates.every((update) => cardOf(update).includes(job.id))).toBe(true);
			// While it stops, the bot would go on asking Graph.
			Object.assign(job, { stopLagMs: 0 });
			await stage.card(chat, /"alert":true/u, "create");
		});

		it("shows a job beside the pressed card, or checks it in place", async () => {
			const job = stage.cloud.addJob({});
			const chat = `beside-${job.id}`;
			const data = { id: job.id, version: 1 };
			const beside = await stage.press(reader, "show-job", data, { ...inChat(chat), replyToId: "card" });
			expect(JSON.parse(beside.body)).toMatchObject({ statusCode: 200, type: WORDS });
			await stage.card(chat, new RegExp(job.id, "u"), "create");
			const inPlace = await stage.press(reader, "check-job", data, { ...inChat(chat), replyToId: "card" });
			expect(JSON.parse(inPlace.body)).toMatchObject({ statusCode: 200, type: CARD });
			expect(sentTo(chat)).toHaveLength(1);
		});
	});
}
