import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Cloud } from "../../sandbox/cloud/start-cloud.js";
import { startTestCloud } from "../start-test-cloud.js";
import { type Answer, bearer, call } from "./call.js";
import { TurnedClock } from "./turned-clock.js";

const MINUTE = 60_000;
const QUALIFIED = "microsoft.graph.entraRecoveryServices.cancel";
const OPEN = { prefer: "include-unknown-enum-members" };
const UNKNOWN = "3f4a6b60-7c1e-4e7c-9c7b-13f8d44b20c4";

describe("the local Graph's recovery jobs", () => {
	let clock: TurnedClock;
	let cloud: Cloud;
	let token: Record<string, string>;
	beforeEach(async () => {
		clock = new TurnedClock();
		cloud = await startTestCloud({ now: clock.now });
		token = await bearer(cloud, "https://graph.microsoft.com");
	});
	afterEach(() => cloud?.stop());

	const ask = (path: string, headers: Record<string, string> = OPEN, method = "GET"): Promise<Answer> => {
		const url = path.startsWith("https:") ? path : `${cloud.origin}${path}`;
		return call(cloud, url, { method, headers: { ...token, ...headers } });
	};
	const jobs = (version = "v1.0") => `/${version}/directory/recovery/jobs`;
	const read = async (id: string, headers?: Record<string, string>) =>
		(await ask(`${jobs()}/${id}`, headers)).json;
	const filter = (text: string) => `${jobs()}?$filter=${encodeURIComponent(text)}`;
	const cancel = (id: string, version = "v1.0", action = QUALIFIED) =>
		ask(`${jobs(version)}/${id}/${action}`, {}, "POST");

	it("live through their phases by the clock, count while they run, and end", async () => {
		const { id } = cloud.addJob({ phaseMs: MINUTE, endsAfterMs: 10 * MINUTE });
		const seen: string[] = [];
		for (let minute = 0; minute <= 3; minute += 1) {
			seen.push((await read(id)).status);
			clock.turn(MINUTE);
		}
		expect(seen).toEqual(["initialized", "loadingData", "calculating", "running"]);
		const early = await read(id);
		clock.turn(10_000);
		const later = await read(id);
		expect(later.totalObjectsModified).toBeGreaterThan(early.totalObjectsModified);
		expect(later.jobCompletionDateTime).toBeNull();
		clock.turn(10 * MINUTE);
		expect(await read(id)).toMatchObject({
			status: "successful",
			jobCompletionDateTime: "2026-11-23T03:10:00.000Z",
		});
	});

	it("have done as much of their work as of their time, once they run", async () => {
		const { id } = cloud.addJob({ phaseMs: 2 * MINUTE, endsAfterMs: 46 * MINUTE });
		const endless = cloud.addJob({});
		const modified = async () => (await read(id)).totalObjectsModified;
		const seen: number[] = [];
		for (const minutes of [5, 1, 20, 20]) {
			clock.turn(minutes * MINUTE);
			seen.push(await modified());
		}
		expect(seen).toEqual([0, 0, 512, 1_024]);
		expect(await read(endless.id)).toMatchObject({ totalObjectsModified: 785, totalLinksModified: 95 });
	});

	it("has not counted anything before it calculates", async () => {
		const { id } = cloud.addJob({ phaseMs: MINUTE });
		expect(await read(id)).toMatchObject({
			totalChangedObjectsCalculated: null,
			totalChangedLinksCalculated: null,
		});
	});

	it("show late members only to those who ask for them", async () => {
		const { id } = cloud.addJob({ phaseMs: MINUTE });
		clock.turn(MINUTE);
		expect((await read(id, {})).status).toBe("unknownFutureValue");
		expect((await read(id)).status).toBe("loadingData");
	});

	it("say nothing of modifications for a preview", async () => {
		const { id } = cloud.addJob({ kind: "preview" });
		const job = await read(id);
		expect(job["@odata.type"]).toBe("#microsoft.graph.entraRecoveryServices.recoveryPreviewJob");
		expect(Object.keys(job).filter((name) => /Modified|Failed/u.test(name))).toEqual([]);
	});

	it("carry the short control names when told to", async () => {
		const { id } = cloud.addJob({});
		cloud.shape.controlPrefix = "@";
		const list = (await ask(jobs())).json;
		expect(Object.keys(list)).toEqual(["@context", "value"]);
		expect(list.value[0]).toMatchObject({
			id,
			"@type": "#microsoft.graph.entraRecoveryServices.recoveryJob",
		});
	});

	it("are listed in pages whose links keep the question", async () => {
		for (let count = 0; count < 5; count += 1) cloud.addJob({});
		cloud.addJob({ startedAt: new Date(0), endsAfterMs: MINUTE });
		const found: string[] = [];
		let next: string | undefined = `${filter("status eq 'running'")}&$top=2`;
		let pages = 0;
		while (next !== undefined) {
			const page: Answer = await ask(next);
			found.push(...page.json.value.map((job: { status: string }) => job.status));
			next = page.json["@odata.nextLink"];
			pages += 1;
		}
		expect(found).toEqual(Array(5).fill("running"));
		expect(pages).toBe(3);
	});

	it("are found by id, whatever its case, and left out by it", async () => {
		const { id } = cloud.addJob({});
		cloud.addJob({});
		expect((await ask(filter(`id eq '${id.toUpperCase()}'`))).json.value).toMatchObject([{ id }]);
		expect((await ask(filter(`id ne '${id}'`))).json.value).toHaveLength(1);
		expect((await ask(filter(`id eq '${UNKNOWN}'`))).json.value).toEqual([]);
	});

	it.each(["startswith(id,'a')", "id eq 5", "kind eq 'recovery'"])("refuse the filter %s", async (text) => {
		expect((await ask(filter(text))).status).toBe(400);
	});

	it("give at most 999 on a page", async () => {
		expect((await ask(`${jobs()}?$top=1000`)).status).toBe(400);
		expect((await ask(`${jobs()}?$top=999`)).status).toBe(200);
	});

	it("cannot be read one by one when that path does not exist", async () => {
		const { id } = cloud.addJob({});
		cloud.shape.flatGet = false;
		expect((await ask(`${jobs()}/${id}`)).status).toBe(400);
		expect((await ask(filter(`id eq '${id}'`))).json.value).toHaveLength(1);
	});

	describe("when cancelled", () => {
		it.each([
			["beta", "cancel"],
			["beta", QUALIFIED],
			["v1.0", QUALIFIED],
		])("answer 202 and where to look, on %s with %s", async (version, action) => {
			const { id } = cloud.addJob({});
			expect(await cancel(id, version, action)).toMatchObject({
				status: 202,
				text: "",
				headers: { location: `${cloud.origin}${jobs(version)}/${id}` },
			});
		});

		it("do not know the short path on v1.0, and change nothing", async () => {
			const job = cloud.addJob({});
			expect((await cancel(job.id, "v1.0", "cancel")).status).toBe(400);
			expect(job.cancelledAt).toBeUndefined();
		});

		it("go on running for a while and are abandoned then, keeping what they changed", async () => {
			const { id } = cloud.addJob({ stopLagMs: 5_000 });
			clock.turn(MINUTE);
			await cancel(id);
			clock.turn(4_999);
			expect(await read(id)).toMatchObject({ status: "running", jobCompletionDateTime: null });
			clock.turn(1);
			const stopped = await read(id);
			expect(stopped).toMatchObject({
				status: "abandoned",
				jobCompletionDateTime: "2026-11-23T03:01:05.000Z",
			});
			clock.turn(MINUTE);
			expect(await read(id)).toEqual(stopped);
		});

		it("may end by themselves first", async () => {
			const { id } = cloud.addJob({ endsAfterMs: 2_000, endsAs: "failed", stopLagMs: 5_000 });
			await cancel(id);
			clock.turn(MINUTE);
			expect((await read(id)).status).toBe("failed");
		});

		it("may be forgotten, and found nowhere any more", async () => {
			const { id } = cloud.addJob({ forgottenWhenCancelled: true });
			expect((await read(id)).status).toBe("running");
			expect((await cancel(id)).status).toBe(202);
			expect((await ask(`${jobs()}/${id}`)).status).toBe(404);
			expect((await ask(jobs())).json.value).toEqual([]);
		});

		it("keep the moment of the first of two cancels", async () => {
			const { id } = cloud.addJob({ stopLagMs: 5_000 });
			await cancel(id);
			clock.turn(4_000);
			expect((await cancel(id)).status).toBe(202);
			clock.turn(1_000);
			expect((await read(id)).status).toBe("abandoned");
		});

		it("answer 409 when they are over and 404 when there is no such job", async () => {
			const { id } = cloud.addJob({ endsAfterMs: 1 });
			clock.turn(MINUTE);
			expect((await cancel(id)).status).toBe(409);
			expect((await cancel(UNKNOWN)).status).toBe(404);
		});
	});

	it("are shown to nobody without a token for Graph that still holds", async () => {
		const connector = await bearer(cloud, "https://api.botframework.com");
		const url = `${cloud.origin}${jobs()}`;
		expect((await call(cloud, url)).status).toBe(401);
		expect((await call(cloud, url, { headers: connector })).status).toBe(401);
		expect((await call(cloud, url, { headers: { authorization: "Bearer a.b.c" } })).status).toBe(401);
		expect((await ask(jobs())).status).toBe(200);
		clock.turn(61 * MINUTE);
		expect((await ask(jobs())).status).toBe(401);
	});

	it("name the request in the headers and, the same, in an error", async () => {
		const headers = { "client-request-id": "11111111-1111-4111-8111-111111111111" };
		const answer = await ask(`${jobs()}/${UNKNOWN}`, headers);
		expect(answer.headers).toMatchObject(headers);
		expect(answer).toMatchObject({ status: 404, json: { error: { code: "notFound" } } });
		expect(answer.json.error.innerError).toEqual({
			date: "2026-11-23T03:00:00.000Z",
			"request-id": answer.headers["request-id"],
			...headers,
		});
	});

	it("are only read and cancelled", async () => {
		const { id } = cloud.addJob({});
		expect((await ask(jobs(), {}, "POST")).status).toBe(405);
		expect((await ask(`${jobs()}/${id}`, {}, "DELETE")).status).toBe(405);
	});
});
