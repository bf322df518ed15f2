import { randomUUID } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createCertificates } from "../../sandbox/cloud/certificate.js";
import { createSigner, makeKeyring } from "../../sandbox/cloud/tokens.js";
import { answerCalls } from "../calls.js";
import { cpuMs } from "../measure/process-figures.js";
import { answer, type World } from "./answers.js";
import { type JobRules, Jobs } from "./jobs.js";
import { Ledger } from "./ledger.js";

const CHANNEL_ISSUER = "https://api.botframework.com";
/** A handful, as in a real tenant: everybody's role is one row of the same short list. */
const ADMINS = 4;
/** A token that outlives the longest run, in seconds. */
const TOKEN_SECONDS = 4 * 60 * 60;

/** Nobody looks a request up here. */
const REQUEST_ID = "00000000-0000-4000-8000-000000000000";

const { caPem, tls } = await createCertificates();
const keys = makeKeyring();
const signer = createSigner(
	"channel-key",
	() => new Date(),
	() => keys("channel"),
);
const tenantId = randomUUID();
const appId = randomUUID();
const jobs = new Jobs();
const ledger = new Ledger();
const admins = Array.from({ length: ADMINS }, () => randomUUID());
const channelJwk = { ...(await signer.jwk()), endorsements: ["msteams"] };

let world: World | undefined;
const server = createServer(tls, (incoming, response) => {
	const chunks: Buffer[] = [];
	incoming.on("data", (chunk: Buffer) => void chunks.push(chunk));
	incoming.on("end", () => {
		if (!world) return void response.destroy();
		const { method = "GET", url = "/", headers } = incoming;
		const body = Buffer.concat(chunks).toString("utf8");
		const reply = answer({ method, url, headers, body }, world);
		const requestId = headers["client-request-id"];
		setTimeout(() => {
			const text = reply.body === undefined ? "" : JSON.stringify(reply.body);
			response.writeHead(reply.status, {
				...(text === "" ? {} : { "content-type": "application/json" }),
				"content-length": Buffer.byteLength(text),
				"request-id": REQUEST_ID,
				...(requestId === undefined ? {} : { "client-request-id": requestId }),
				...reply.headers,
			});
			response.end(text);
		}, reply.afterMs);
	});
});
server.keepAliveTimeout = 0;
await new Promise<void>((resolve, reject) => {
	server.once("error", reject);
	server.listen(0, "127.0.0.1", resolve);
});
const host = `localhost:${(server.address() as AddressInfo).port}`;
const origin = `https://${host}`;
world = { origin, tenantId, jobs, ledger, channelJwk, admins };
const newsPort = await ledger.listen();
const serviceUrl = `${origin}/teams/`;
const channelToken = await signer.sign(
	{ iss: CHANNEL_ISSUER, aud: appId, serviceurl: serviceUrl },
	{ lifetimeSeconds: TOKEN_SECONDS },
);

/** What the cloud can be asked for by the measurement. */
const calls = {
	describe: () => ({ origin, host, caPem, tenantId, appId, admins, serviceUrl, channelToken, newsPort }),
	counts: () => ledger.counts(),
	cpuMs: () => cpuMs(process.pid),
	setRules: (rules: JobRules) => {
		jobs.rules = rules;
	},
	follow: (ids: readonly string[]) => jobs.follow(ids),
	end: (ids: readonly string[]) => jobs.end(ids),
	clear: () => jobs.clear(),
	takePolls: () => jobs.takePolls(),
};
export type CloudCalls = typeof calls;
export type CloudFacts = ReturnType<typeof calls.describe>;
answerCalls(calls);
