// Package account holds people: who they are and what others see of them.
//
// It knows nothing of posts, HTTP, SQL or GraphQL.
package account
