package logic

import (
	"slices"
	"strings"
)

// Scope is one thing that a request may be allowed to do. Its value is part of the contract and of stored keys.
type Scope string

// The scopes of the contract.
const (
	ScopePostsRead    Scope = "POSTS_READ"
	ScopeDraftsRead   Scope = "DRAFTS_READ"
	ScopePostsWrite   Scope = "POSTS_WRITE"
	ScopePostsPublish Scope = "POSTS_PUBLISH"
	ScopeUsersRead    Scope = "USERS_READ"
	ScopeUsersWrite   Scope = "USERS_WRITE"
	ScopeMetricsRead  Scope = "METRICS_READ"
	ScopeMetricsWrite Scope = "METRICS_WRITE"
	ScopeClientsWrite Scope = "CLIENTS_WRITE"
	ScopeSiteWrite    Scope = "SITE_WRITE"
)

// scopes is every scope, in the order in which lists of them stand.
var scopes = []Scope{
	ScopePostsRead, ScopeDraftsRead, ScopePostsWrite, ScopePostsPublish, ScopeUsersRead, ScopeUsersWrite,
	ScopeMetricsRead, ScopeMetricsWrite, ScopeClientsWrite, ScopeSiteWrite,
}

// Scopes is a set of scopes; the zero Scopes is empty.
type Scopes uint16

// AllScopes is every scope that there is.
var AllScopes = ScopesOf(scopes...)

// ScopesOf returns the set of the given scopes. One that there is not is left out: nothing is allowed by a mistake.
func ScopesOf(given ...Scope) Scopes {
	var set Scopes
	for _, scope := range given {
		set |= scope.bit()
	}
	return set
}

func (s Scope) bit() Scopes {
	at := slices.Index(scopes, s)
	if at < 0 {
		return 0
	}
	return 1 << at
}

// IsScope tells whether there is such a scope.
func (s Scope) IsScope() bool { return s.bit() != 0 }

// Has tells whether scope is in the set.
func (s Scopes) Has(scope Scope) bool { return s&scope.bit() != 0 }

// Within tells whether other has every scope of the set.
func (s Scopes) Within(other Scopes) bool { return s&^other == 0 }

// List returns the scopes of the set, always in the same order; empty, never nil.
func (s Scopes) List() []Scope {
	list := []Scope{}
	for _, scope := range scopes {
		if s.Has(scope) {
			list = append(list, scope)
		}
	}
	return list
}

// String returns the scopes of the set with commas between them, as they are stored.
func (s Scopes) String() string {
	names := []string{}
	for _, scope := range s.List() {
		names = append(names, string(scope))
	}
	return strings.Join(names, ",")
}
