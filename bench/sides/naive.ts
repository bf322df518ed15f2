// What Microsoft's samples lead to: a teams-ai handler that checks the role, asks Graph to cancel, and polls by
// `setInterval`. Everything is in memory: a restart loses all of it, and nothing is recorded.
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import { Application, type TurnState } from "@microsoft/teams-ai";
import { TurnContext } from "botbuilder";
import { adapter, cardActivity, credential, host, setting } from "./host.js";

const BACKUP_ADMINISTRATOR = "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb";
const POLL_MS = Number(setting("WATCH_POLL_MIN_MS"));

const endpoint = setting("GRAPH_ENDPOINT");
const graph = Client.initWithMiddleware({
	baseUrl: endpoint,
	customHosts: new Set([new URL(endpoint).hostname]),
	authProvider: new TokenCredentialAuthenticationProvider(credential, {
		scopes: ["https://graph.microsoft.com/.default"],
	}),
});

const app = new Application<TurnState>({ removeRecipientMention: false, startTypingTimer: false });

app.message(/^cancel job (\S+)$/i, async (context) => {
	const { activity } = context;
	const jobId = activity.text.split(" ").at(-1) ?? "";
	const filter = `principalId eq '${activity.from.aadObjectId}' and roleDefinitionId eq '${BACKUP_ADMINISTRATOR}'`;
	const held = await graph
		.api("/roleManagement/directory/roleAssignments")
		.version("v1.0")
		.filter(filter)
		.get();
	if (held.value.length === 0) {
		await context.sendActivity("You may not cancel this job.");
		return;
	}
	await graph.api(`/directory/recovery/jobs/${jobId}/cancel`).version("beta").post(undefined);
	await context.sendActivity(cardActivity("Asked to stop", { job: jobId, by: activity.from.name }));

	const reference = TurnContext.getConversationReference(activity);
	const timer = setInterval(async () => {
		const job = await graph.api(`/directory/recovery/jobs/${jobId}`).version("beta").get();
		if (job.status !== "abandoned") return;
		clearInterval(timer);
		await adapter.continueConversationAsync(setting("MicrosoftAppId"), reference, async (later) => {
			await later.sendActivity({
				...cardActivity("Abandoned", { job: jobId, by: activity.from.name }),
				channelData: { notification: { alert: true } },
			});
		});
	}, POLL_MS);
});

app.message(/^help$/i, async (context) => {
	await context.sendActivity(cardActivity("Help", { cancel: "cancel job <id>" }));
});

host((context) => app.run(context));
