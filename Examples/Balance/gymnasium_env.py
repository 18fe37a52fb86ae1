"""An environment of Gymnasium as a process: JSON lines over the standard input and output.

    pip install gymnasium
    recurrent train control --environment "python gymnasium_env.py LunarLander-v3" --kind reinforcement --output lander.bundle
"""
import json
import sys

import gymnasium
import numpy as np

# what the environment itself prints is no answer
answers, sys.stdout = sys.stdout, sys.stderr
env = gymnasium.make(sys.argv[1])
seen, done = gymnasium.spaces.flatten_space(env.observation_space), env.action_space
if isinstance(done, gymnasium.spaces.Discrete):
  action = {"count": int(done.n)}
else:
  action = {"low": done.low.ravel().tolist(), "high": done.high.ravel().tolist()}


def say(**values):
  print(json.dumps(values), file=answers, flush=True)


def numbers(observation):
  return [float(x) for x in gymnasium.spaces.flatten(env.observation_space, observation)]


say(spaces={"observation": {"size": int(seen.shape[0])}, "action": action, "steps": env.spec.max_episode_steps or 1000})
for line in sys.stdin:
  request = json.loads(line)
  if "reset" in request:
    observation, _ = env.reset(seed=request["reset"]["seed"])
    say(observation=numbers(observation))
    continue
  given = request["action"]
  if isinstance(done, gymnasium.spaces.Discrete):
    given = given + int(done.start)
  else:
    given = np.array(given, done.dtype).reshape(done.shape)
  observation, reward, terminated, truncated, _ = env.step(given)
  say(observation=numbers(observation), reward=float(reward), terminated=bool(terminated), truncated=bool(truncated))
