package store

import (
	"strings"
	"testing"
)

// Every statement of clients must reach its rows by an index, but for the two that read all of what is bounded.
func TestClientStatementsUseIndexes(t *testing.T) {
	s := openTest(t)
	tests := map[string]struct{ query, want string }{
		"ClientVersion":      {clientVersion, "SEARCH client_version USING INTEGER PRIMARY KEY"},
		"RaiseClientVersion": {raiseClientVersion, "SEARCH client_version USING INTEGER PRIMARY KEY"},
		"AllClients":         {allClients, "SCAN client USING INDEX sqlite_autoindex_client_1"},
		"InsertClient":       {insertClient, ""},
		"UpdateClient":       {updateClient, "SEARCH client USING INTEGER PRIMARY KEY"},
		"DeleteClient":       {deleteClient, "SEARCH client USING INTEGER PRIMARY KEY"},
		"AllKeys":            {allKeys, "SCAN api_key"},
		"KeysOfClients":      {keysOfClients, "SEARCH api_key USING INDEX api_key_by_client (client_id=?)"},
		"APIKeysByID":        {apiKeysByID, "SEARCH api_key USING INTEGER PRIMARY KEY"},
		"InsertAPIKey":       {insertAPIKey, ""},
		"EndAPIKey":          {endAPIKey, "SEARCH api_key USING INTEGER PRIMARY KEY"},
		"DeleteAPIKey":       {deleteAPIKey, "SEARCH api_key USING INTEGER PRIMARY KEY"},
		"AddUses":            {addUses, "SEARCH api_key USING INTEGER PRIMARY KEY"},
	}
	for name, test := range tests {
		plan := metricPlan(t, s, test.query)
		if !strings.HasPrefix(test.query, "/* "+name+" */ ") || !strings.Contains(plan, test.want) {
			t.Errorf("%s: the plan of\n%s\nlacks %q:\n%s", name, test.query, test.want, plan)
		}
		for line := range strings.Lines(plan) {
			scansTable := strings.HasPrefix(line, "SCAN client") || strings.HasPrefix(line, "SCAN api_key")
			if scansTable && !strings.HasPrefix(test.want, "SCAN ") {
				t.Errorf("%s reads a whole table:\n%s", name, plan)
			}
		}
	}
	mustHaveAll(t, tests, "client*.go", "api_key*.go")
}
