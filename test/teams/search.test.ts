import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { readSearch, searchBody } from "../../src/teams/search.js";
import { type DoorStage, JOB_ID, openDoorStage } from "./door-stage.js";

const query = (text: string) => ({
	commandId: "jobs",
	parameters: [{ name: "query", value: text }],
	queryOptions: { skip: 0, count: 25 },
});

describe("the search box", () => {
	let stage: DoorStage;
	beforeAll(async () => {
		stage = await openDoorStage();
	});
	afterAll(() => stage.channel.stop());
	beforeEach(() => stage.reset());
	const invoke = (name: string, value: object, more: object = {}) =>
		stage.deliver({ type: "invoke", name, text: undefined, value, ...more });

	it("is answered with results in Teams' shape", async () => {
		const answer = await invoke("composeExtension/query", query(" 3f4a "));
		expect(stage.asked).toEqual([{ what: "search", of: "3f4a" }]);
		expect(answer).toEqual({
			status: 200,
			body: {
				composeExtension: {
					type: "result",
					attachmentLayout: "list",
					attachments: [
						{
							contentType: "application/vnd.microsoft.card.adaptive",
							content: { shows: "job" },
							preview: {
								contentType: "application/vnd.microsoft.card.thumbnail",
								content: { title: "Job", text: "it" },
							},
						},
					],
				},
			},
		});
	});

	it("asks for everything when it has just been opened", () => {
		const opened = { commandId: "jobs", parameters: [{ name: "initialRun", value: "true" }] };
		expect(readSearch(opened)).toBe("");
		expect(readSearch({ commandId: "jobs" })).toBe("");
		expect(readSearch(query("x".repeat(1_000)))).toHaveLength(200);
	});

	it.each([[{ commandId: "other" }], [{}], ["nonsense"]])(
		"answers and asks nothing for %j",
		async (value) => {
			expect(await invoke("composeExtension/query", value as object)).toMatchObject({ status: 200 });
			expect(stage.asked).toEqual([]);
		},
	);

	it("answers with words where it found nothing", () => {
		expect(searchBody({ kind: "message", text: "No such job." })).toEqual({
			composeExtension: { type: "message", text: "No such job." },
		});
	});

	const press = (conversationId: string) =>
		invoke(
			"adaptiveCard/action",
			{
				action: { type: "Action.Execute", verb: "post-job", data: { id: JOB_ID, version: 1 } },
				trigger: "manual",
			},
			{ conversation: { id: conversationId, conversationType: "groupChat", tenantId: "t" } },
		);

	it("leaves a card whose button asks for the job as a new message, where the bot is", async () => {
		await press("chat");
		expect(stage.asked).toMatchObject([
			{ what: "press", of: { via: "press-aside", command: { kind: "status", jobId: JOB_ID } } },
		]);
	});

	it("and says to add the bot first, where it is not", async () => {
		expect(await press("elsewhere")).toMatchObject({
			status: 200,
			body: { type: "application/vnd.microsoft.activity.message", value: "Add me first." },
		});
		expect(stage.asked).toEqual([]);
	});
});
