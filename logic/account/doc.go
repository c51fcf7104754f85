// Package account holds people: who they are, what others see of them, how they sign in, and who may look after them.
//
// It keeps passwords, tokens, logins that failed and addresses as hashes alone. It knows nothing of posts, HTTP, SQL or GraphQL.
package account
