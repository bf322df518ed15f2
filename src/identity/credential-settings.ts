/** How the bot proves to Entra who it is. The first proof that is set is used, in the order given here. */
export interface CredentialSettings {
	readonly appType: "SingleTenant" | "UserAssignedMSI";
	/** The app registration's client id; for a managed identity, that identity's client id. */
	readonly appId: string;
	readonly tenantId: string;
	readonly clientSecret?: string;
	/** A PEM file with the certificate and its private key. */
	readonly certificatePath?: string;
	/** A file with a token of another identity provider, kept fresh by the platform. */
	readonly federatedTokenFile?: string;
	/** Entra's address; https only. Absent means the public cloud. */
	readonly authorityHost?: string;
}
