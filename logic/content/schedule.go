package content

import "context"

// PublishDue shows readers what was planned for now or before, and returns how many posts that were.
func (s *Service) PublishDue(ctx context.Context) (int, error) { return 0, nil }

// EmptyTrash takes away the posts that are in the trash for 30 days, and returns how many they were.
func (s *Service) EmptyTrash(ctx context.Context) (int, error) { return 0, nil }

// Run does, until ctx ends, what is due without anyone asking.
func (s *Service) Run(ctx context.Context) { <-ctx.Done() }
