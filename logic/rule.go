package logic

import (
	"fmt"
	"strings"
	"time"
)

// FreshFor is how long after a person gave the password they may change users, roles, keys and settings.
const FreshFor = time.Hour

// Rule says who may use a part of the contract. The zero Rule is no rule.
type Rule struct {
	// Text says it in a sentence, for those who read the rules.
	Text string
	// Scope is what the viewer must have; empty where none is needed.
	Scope Scope
	// Person tells that someone must be signed in.
	Person bool
	// Fresh tells that a person must have given the password within FreshFor; a secret key has nothing to give.
	Fresh bool
}

// Everyone is the rule of what every request gets.
var Everyone = Rule{Text: "Everyone."}

// Given is the rule of what belongs to a thing that not everyone gets: whoever got the thing gets all of it that has this rule.
var Given = Rule{Text: "Whoever was given the thing that it belongs to."}

// SignedIn is the rule of what needs a person, whoever it is.
var SignedIn = Rule{Text: "Whoever is signed in.", Person: true}

// Needs is the rule of what needs a scope.
func Needs(scope Scope) Rule {
	return Rule{Text: fmt.Sprintf("Those with %s.", scope), Scope: scope}
}

// NeedsFresh is the rule of what needs a scope and, where a person asks, a password given within FreshFor.
func NeedsFresh(scope Scope) Rule {
	return Rule{Text: fmt.Sprintf("Those with %s; a person must have given the password within the last hour.", scope), Scope: scope, Fresh: true}
}

// Decided is the rule of what depends on the thing itself: a function of the viewer and the thing decides, as text says.
func Decided(text string) Rule { return Rule{Text: text} }

// Allows tells whether the rule lets viewer through, apart from what depends on a thing and on when the password was given.
func (r Rule) Allows(viewer Viewer) bool {
	return r.Text != "" && (!r.Person || viewer.User != 0) && (r.Scope == "" || viewer.May(r.Scope))
}

// Check returns nil where the rule lets viewer through at the moment now; UNAUTHENTICATED where signing in, or giving the
// password again, would help, and FORBIDDEN where it would not.
func (r Rule) Check(viewer Viewer, now Moment) error {
	switch {
	case r.Person && viewer.User == 0:
		return Fault(CodeUnauthenticated, "Sign in first: this is done by a person.")
	case r.Scope != "" && !viewer.May(r.Scope) && viewer.mightHere(r.Scope):
		return Fault(CodeUnauthenticated, "Sign in through this client: you did so through another, which lacks the scope %s.", r.Scope)
	case r.Scope != "" && !viewer.May(r.Scope):
		return Fault(CodeForbidden, "This needs the scope %s.", r.Scope)
	case r.Text == "":
		return Fault(CodeForbidden, "Nobody may do this.")
	case r.Fresh && viewer.User != 0 && !isFresh(viewer.ProvedAt, now):
		return Fault(CodeUnauthenticated, "Sign in again: this asks for a password that was given within the last hour.")
	}
	return nil
}

// isFresh tells whether provedAt is within FreshFor of now: before it, or after it where the clock was set back since.
func isFresh(provedAt, now Moment) bool {
	return now <= provedAt.Add(FreshFor) && now >= provedAt.Add(-FreshFor)
}

// Rules are the rules of a domain by what they are for: "Type.field", "Type.field(argument)" or "Input.field".
type Rules map[string]Rule

// Add states the rule of each of the places, which stand in texts with spaces or line feeds between them. It panics where a
// place has a rule already.
func (r Rules) Add(rule Rule, places ...string) {
	for _, text := range places {
		for place := range strings.FieldsSeq(text) {
			if _, stated := r[place]; stated {
				panic("two rules for " + place)
			}
			r[place] = rule
		}
	}
}
