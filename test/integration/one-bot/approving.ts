import { beforeAll, describe, expect, it } from "@jest/globals";
import { waitFor } from "../../wait-for.js";
import { approvalSteps, idIn } from "../approval-steps.js";
import { CARD_LIMIT_MS, PEOPLE, type Stage } from "../stage.js";

const { admin, admin2, reader, nobody, guest, disabled } = PEOPLE;

/** A request for approval from the question to the end. `opened` gives the stage once it is open. */
export function approving(opened: () => Stage): void {
	describe("a request for approval in its cloud", () => {
		let stage: Stage;
		const { inChat, posts, latest, asked, press, eachCard } = approvalSteps(() => stage);
		beforeAll(async () => {
			stage = opened();
			stage.cloud.connector.members.set("deciders", [admin, admin2, guest, disabled]);
			await stage.say(admin, "approvals here", inChat("deciders"));
			await stage.card("deciders", /are shown here/u);
		});

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
			// The guest and the disabled account hold the role, too.
			expect(text).toContain("2 people can decide; 2 of them are here.");
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
				CARD_LIMIT_MS,
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
}
