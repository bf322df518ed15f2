import { AzureAuthorityHosts } from "@azure/identity";

/** Further names of Microsoft's own authorities, as the Microsoft Authentication Library knows them. */
const OTHER_KNOWN_HOSTS = [
	"login.windows.net",
	"login.microsoft.com",
	"sts.windows.net",
	"login.partner.microsoftonline.cn",
	"login.usgovcloudapi.net",
	"login.sovcloud-identity.fr",
	"login.sovcloud-identity.de",
	"login.sovcloud-identity.sg",
];

const KNOWN_HOSTS = new Set([
	...Object.values(AzureAuthorityHosts).map((address) => new URL(address).host),
	...OTHER_KNOWN_HOSTS,
]);

/**
 * The authority to ask for tokens. Instance discovery asks Microsoft's public cloud whether an
 * authority is genuine; a host that is not Microsoft's (a stand-in, a private cloud) would fail it.
 *
 * @throws when the address is not https
 */
export function chooseAuthority(authorityHost: string = AzureAuthorityHosts.AzurePublicCloud): {
	readonly authorityHost: string;
	readonly disableInstanceDiscovery: boolean;
} {
	const url = URL.canParse(authorityHost) ? new URL(authorityHost) : undefined;
	if (url?.protocol !== "https:")
		throw new Error(`AZURE_AUTHORITY_HOST must be an https address: ${authorityHost}`);
	return { authorityHost, disableInstanceDiscovery: !KNOWN_HOSTS.has(url.host) };
}
