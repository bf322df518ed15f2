import { Agent } from "node:https";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Cloud } from "../../sandbox/cloud/start-cloud.js";
import { startTestCloud } from "../start-test-cloud.js";
import { type Answer, bearer, call } from "./call.js";

const isList = ({ path }: { path: string }) => path.endsWith("/recovery/jobs");
const isCancel = ({ path }: { path: string }) => path.endsWith("/cancel");

describe("a fault", () => {
	let cloud: Cloud;
	let headers: Record<string, string>;
	beforeEach(async () => {
		cloud = await startTestCloud();
		headers = await bearer(cloud, "https://graph.microsoft.com");
	});
	afterEach(() => cloud?.stop());

	const list = (): Promise<Answer> =>
		call(cloud, `${cloud.origin}/beta/directory/recovery/jobs`, { headers });
	const cancel = (id: string): Promise<Answer> =>
		call(cloud, `${cloud.origin}/beta/directory/recovery/jobs/${id}/cancel`, { method: "POST", headers });

	it("spoils as many requests as it says, whenever it is added again", async () => {
		const fault = { match: isList, times: 2, do: { status: 503, headers: { "retry-after": "1.5" } } };
		for (let round = 0; round < 2; round += 1) {
			cloud.faults.add(fault);
			expect(await list()).toMatchObject({ status: 503, headers: { "retry-after": "1.5" } });
			expect([(await list()).status, (await list()).status]).toEqual([503, 200]);
		}
	});

	it("lasts until it is taken away", async () => {
		const heal = cloud.faults.add({ match: isList, do: { status: 429 } });
		expect([(await list()).status, (await list()).status]).toEqual([429, 429]);
		heal();
		expect((await list()).status).toBe(200);
	});

	it("touches nothing else", async () => {
		cloud.faults.add({ match: isCancel, do: { status: 403 } });
		expect((await list()).status).toBe(200);
	});

	it("can cut the connection before anything was done", async () => {
		const job = cloud.addJob({});
		cloud.faults.add({ match: isCancel, do: "reset" });
		await expect(cancel(job.id)).rejects.toThrow();
		expect(job.cancelledAt).toBeUndefined();
	});

	it("is never a connection that is closed for being idle, unless it is asked for", async () => {
		const agent = new Agent({ keepAlive: true });
		const { headers } = await call(cloud, `${cloud.origin}/channel/keys`, { agent });
		agent.destroy();
		expect(headers).toMatchObject({ connection: "keep-alive" });
		expect(headers).not.toHaveProperty("keep-alive");
	});

	it("can lose the answer to what was done", async () => {
		const job = cloud.addJob({});
		cloud.faults.add({ match: isCancel, do: { after: "reset" } });
		await expect(cancel(job.id)).rejects.toThrow();
		expect(job.cancelledAt).toBeDefined();
	});

	it("can keep a request waiting, which ends when the cloud stops", async () => {
		cloud.faults.add({ match: isList, do: "hang" });
		const hanging = list();
		const ended = expect(hanging).rejects.toThrow();
		await cloud.request("the list", isList);
		await cloud.stop();
		await ended;
	});

	it("can delay a request, which does not outlive the cloud", async () => {
		cloud.faults.add({ match: isList, do: { delayMs: 3_600_000 } });
		const ended = expect(list()).rejects.toThrow();
		await cloud.request("the list", isList);
		await cloud.stop();
		await ended;
	});

	it("leaves the request on the list of those that were seen", async () => {
		cloud.faults.add({ match: isList, do: { status: 500 } });
		await list();
		expect(cloud.requests.at(-1)).toMatchObject({ method: "GET", path: "/beta/directory/recovery/jobs" });
	});
});
