import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(60_000);

describe("a Graph as others have measured it: v1.0, short control names, no flat GET, small pages", () => {
	let stage: Stage;
	beforeAll(async () => {
		stage = await openStage({ GRAPH_API_VERSION: "v1.0" });
		Object.assign(stage.cloud.shape, { controlPrefix: "@", flatGet: false, pageSize: 2 });
	});
	afterAll(() => stage?.close());

	it("cancels a job that is still loading data, and sees its end", async () => {
		for (let i = 0; i < 5; i++) stage.cloud.addJob({ endsAfterMs: 0 });
		const job = stage.cloud.addJob({
			kind: "preview",
			phaseMs: 60_000,
			startedAt: new Date(Date.now() - 70_000),
			stopLagMs: 300,
		});
		await stage.say(PEOPLE.admin, `cancel job ${job.id}`);
		const live = await stage.card(`chat-${PEOPLE.admin.key}`, /Stopping, not stopped yet/u);
		expect(JSON.stringify(live.activity)).toContain("Loading data");
		const followUp = await stage.card(`chat-${PEOPLE.admin.key}`, /"alert":true/u);
		expect(JSON.stringify(followUp.activity)).toContain("Preview job stopped");
		const path = `/v1.0/directory/recovery/jobs/${job.id}/microsoft.graph.entraRecoveryServices.cancel`;
		expect(stage.cloud.requests.filter((request) => request.path === path)).toHaveLength(1);
	});

	it("says that a job is unknown only when the list does not hold it either", async () => {
		await stage.say(PEOPLE.admin, "cancel job 99999999-9999-4999-8999-999999999999", {
			conversation: { id: "unknown-job", tenantId: stage.cloud.tenantId },
		});
		await stage.card("unknown-job", /No such job/u);
	});

	it("lists jobs over several pages", async () => {
		await stage.say(PEOPLE.reader, "jobs");
		const card = JSON.stringify((await stage.card(`chat-${PEOPLE.reader.key}`, /Ended lately/u)).activity);
		expect(card.match(/ran for/gu)).toHaveLength(3);
	});
});
