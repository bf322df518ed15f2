import { beforeAll, describe, expect, it } from "@jest/globals";
import { PEOPLE, type Stage } from "../stage.js";

/** The search for a job from the compose box. `opened` gives the stage once it is open. */
export function searching(opened: () => Stage): void {
	describe("finding a job from the compose box", () => {
		let stage: Stage;
		beforeAll(() => {
			stage = opened();
		});

		const search = async (person: (typeof PEOPLE)[keyof typeof PEOPLE], text: string) => {
			const answer = await stage.say(person, "", {
				type: "invoke",
				name: "composeExtension/query",
				text: undefined,
				value: { commandId: "jobs", parameters: [{ name: "query", value: text }] },
			});
			expect(answer.status).toBe(200);
			return JSON.parse(answer.body).composeExtension;
		};

		it("finds it for somebody who may look, and nothing for somebody who may not, well within Teams' time", async () => {
			const job = stage.cloud.addJob({});
			const started = Date.now();
			const found = await search(PEOPLE.reader, job.id.slice(0, 8));
			expect(Date.now() - started).toBeLessThan(5_000);
			expect(found).toMatchObject({ type: "result", attachments: { length: 1 } });
			expect(JSON.stringify(found)).toContain(job.id);
			expect(await search(PEOPLE.nobody, job.id)).toMatchObject({
				type: "message",
				text: expect.stringContaining("You may not see jobs"),
			});
		}, 60_000);

		it("answers before Teams gives up when Graph hangs", async () => {
			const heal = stage.cloud.faults.add({
				match: ({ path }) => path.includes("/recovery/jobs"),
				do: "hang",
			});
			const started = Date.now();
			expect(await search(PEOPLE.reader, "")).toMatchObject({ type: "message" });
			expect(Date.now() - started).toBeLessThan(5_000);
			heal();
		}, 60_000);

		it("has the bot post the job where the card was put, or says that it has to be added", async () => {
			const job = stage.cloud.addJob({ kind: "preview" });
			const chat = `chat-${PEOPLE.reader.key}`;
			await stage.press(PEOPLE.reader, "post-job", { id: job.id, version: 1 });
			await stage.card(chat, new RegExp(job.id, "u"), "create");
			const heal = stage.cloud.faults.add({
				match: ({ method, path }) => method === "POST" && path.endsWith(`/${chat}/activities`),
				do: { status: 403, body: { error: { code: "BotNotInConversationRoster", message: "not here" } } },
			});
			const answer = await stage.press(PEOPLE.reader, "post-job", { id: job.id, version: 1 });
			heal();
			expect(answer).toMatchObject({ status: 200, body: expect.stringContaining("Add the app") });
		}, 60_000);
	});
}
