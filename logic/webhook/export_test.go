package webhook

import "context"

// Settle makes all tries that are due, and those that become due by them, and returns how many there were once all have ended.
func (s *Service) Settle(ctx context.Context) (tries int, err error) {
	for {
		begun, err := s.begin(ctx)
		s.sending.attempts.Wait()
		if tries += begun; err != nil || begun == 0 {
			return tries, err
		}
	}
}

// Begin begins the tries that are due, as far as there is room for them.
func (s *Service) Begin(ctx context.Context) (int, error) { return s.begin(ctx) }

// Wait waits for the tries that are under way.
func (s *Service) Wait() { s.sending.attempts.Wait() }

// Waits are how long is waited behind each try that failed.
var Waits = waits
