package graph

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	schema "github.com/vektah/gqlparser/v2/ast"

	"headwater/logic"
	"headwater/logic/account"
	"headwater/logic/client"
	"headwater/logic/content"
	"headwater/logic/metric"
	"headwater/logic/webhook"
)

// places returns everything in the contract that needs a rule: fields of what is answered and of inputs, and arguments.
func places(contract *schema.Schema) map[string]bool {
	found := map[string]bool{}
	for _, definition := range contractTypes(contract) {
		for _, field := range definition.Fields {
			if field.Name[0] == '_' { // of the language itself
				continue
			}
			place := definition.Name + "." + field.Name
			found[place] = true
			for _, argument := range field.Arguments {
				found[place+"("+argument.Name+")"] = true
			}
		}
	}
	return found
}

// Domains are the rules that each domain states.
var Domains = map[string]logic.Rules{
	"what all share": logic.SharedRules(), "account": account.Rules(), "client": client.Rules(), "content": content.Rules(), "metric": metric.Rules(),
	"webhook": webhook.Rules(),
}

func TestEveryPlaceOfTheContractHasOneRule(t *testing.T) {
	there := places(loadContract(t))
	stated := map[string][]string{}
	for _, domain := range slices.Sorted(maps.Keys(Domains)) {
		for place, rule := range Domains[domain] {
			stated[place] = append(stated[place], domain)
			if !there[place] {
				t.Errorf("%s states a rule for %s, which the contract does not have", domain, place)
			}
			if rule.Text == "" {
				t.Errorf("the rule of %s says nothing", place)
			}
			if rule.Scope != "" && !rule.Scope.IsScope() {
				t.Errorf("%s needs %q, which is no scope", place, rule.Scope)
			}
		}
	}
	for _, place := range slices.Sorted(maps.Keys(there)) {
		if len(stated[place]) != 1 {
			t.Errorf("%s has %d rules, by %q: it is to have one", place, len(stated[place]), stated[place])
		}
	}
}

// saysWhatOthersGet is in the text of a rule for a list or a number that can't be null.
var saysWhatOthersGet = regexp.MustCompile(`\b(empty|null|not there)\b`)

// TestWhatIsGatedHasAnAnswerForOthers: what a rule keeps from somebody is nullable, or is a list or a number and the rule says what
// stands there instead.
func TestWhatIsGatedHasAnAnswerForOthers(t *testing.T) {
	contract := loadContract(t)
	gated := 0
	for _, definition := range contractTypes(contract) {
		if definition.Kind != schema.Object && definition.Kind != schema.Interface {
			continue
		}
		for _, field := range definition.Fields {
			place := definition.Name + "." + field.Name
			for _, rules := range Domains {
				rule, ok := rules[place]
				if !ok || rule == logic.Everyone || rule == logic.Given {
					continue
				}
				gated++
				if field.Type.NonNull && !(hasEmpty(contract, field.Type) && saysWhatOthersGet.MatchString(rule.Text)) {
					t.Errorf("%s is %s, and its rule keeps it from somebody: %s", place, field.Type, rule.Text)
				}
			}
		}
	}
	if gated < 40 {
		t.Errorf("only %d fields are gated", gated)
	}
}

// hasEmpty tells whether a type has a value that says nothing: a list, a page of one, or a number.
func hasEmpty(contract *schema.Schema, typ *schema.Type) bool {
	return typ.Elem != nil || isConnection(contract.Types[typ.Name()]) || slices.Contains([]string{"Int", "Count"}, typ.Name())
}

// TestMutationsNeedWhatTheContractSays holds what each mutation needs to the contract, as a list written by hand.
func TestMutationsNeedWhatTheContractSays(t *testing.T) {
	open := []string{"signUp", "confirmEmail", "signIn", "signOut", "requestPasswordReset", "resetPassword"}
	ownSelf := []string{"revokeSession", "changePassword", "updateProfile"}
	needs := map[string]logic.Scope{
		"createUser": logic.ScopeUsersWrite, "inviteUser": logic.ScopeUsersWrite, "updateUser": logic.ScopeUsersWrite,
		"setUserRole": logic.ScopeUsersWrite, "deactivateUser": logic.ScopeUsersWrite, "reactivateUser": logic.ScopeUsersWrite,
		"eraseUser": logic.ScopeUsersWrite, "recordEvents": logic.ScopeMetricsWrite, "updateSite": logic.ScopeSiteWrite,
		"createClient": logic.ScopeClientsWrite, "updateClient": logic.ScopeClientsWrite, "deleteClient": logic.ScopeClientsWrite,
		"createApiKey": logic.ScopeClientsWrite, "rotateApiKey": logic.ScopeClientsWrite, "revokeApiKey": logic.ScopeClientsWrite,
		"createWebhook": logic.ScopeSiteWrite, "updateWebhook": logic.ScopeSiteWrite, "deleteWebhook": logic.ScopeSiteWrite,
		"rotateWebhookSecret": logic.ScopeSiteWrite, "testWebhook": logic.ScopeSiteWrite, "resendDelivery": logic.ScopeSiteWrite,
	}
	for _, mutation := range []string{
		"createPost", "updatePost", "discardWorkingCopy", "unpublishPost", "archivePost", "deletePost", "undeletePost", "restoreRevision",
		"createPreviewToken", "revokePreviewTokens", "updateTag", "mergeTags",
		"uploadMedia", "updateMedia", "deleteMedia",
	} {
		needs[mutation] = logic.ScopePostsWrite
	}
	needs["publishPost"] = logic.ScopePostsPublish
	notFresh := []logic.Scope{"", logic.ScopeMetricsWrite, logic.ScopePostsWrite, logic.ScopePostsPublish}
	for _, field := range loadContract(t).Mutation.Fields {
		for _, rules := range Domains {
			rule, ok := rules["Mutation."+field.Name]
			if !ok {
				continue
			}
			if (rule.Scope == "" && !rule.Person) != slices.Contains(open, field.Name) {
				t.Errorf("%s is for %s", field.Name, rule.Text)
			}
			if rule.Person != slices.Contains(ownSelf, field.Name) || rule.Scope != needs[field.Name] {
				t.Errorf("%s is for %s", field.Name, rule.Text)
			}
			if rule.Fresh == slices.Contains(notFresh, rule.Scope) {
				t.Errorf("%s asks for a fresh password: %v", field.Name, rule.Fresh)
			}
		}
	}
}
