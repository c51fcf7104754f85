package logic

// everything is the rule of what finds things of every kind, each of which has a rule of its own.
var everything = Decided("Whoever may know of the thing; for others it is null.")

// SharedRules are the rules of what the domains share.
func SharedRules() Rules {
	rules := Rules{}
	rules.Add(everything, "Query.node Query.node(id) Query.nodes Query.nodes(ids)")
	rules.Add(Given, "Node.id")
	rules.Add(Given, "PageInfo.hasNextPage PageInfo.hasPreviousPage PageInfo.startCursor PageInfo.endCursor")
	rules.Add(Given, "UserError.code UserError.message UserError.field")
	return rules
}
