"""Steps a second of recurrent PPO in sb3-contrib, on the environment and with the sizes of `recurrent train control`.

    pip install -r Benchmarks/requirements.txt
    python Benchmarks/peers/sb3_policies.py --environment cartpole-no-velocity --steps 20000

The recipe is that of this package for the environment: rows, rollout steps, passes, rows of an update, hidden units, learning rate. The networks
are an LSTM for the actor and one for the critic, with a linear map behind each. One thread.
"""
import argparse
import json
import time

import gymnasium
import numpy as np
import torch
from sb3_contrib import RecurrentPPO
from stable_baselines3.common.env_util import make_vec_env
from stable_baselines3.common.evaluation import evaluate_policy


class Kept(gymnasium.ObservationWrapper):
  """Some numbers of an observation."""

  def __init__(self, env, places):
    super().__init__(env)
    self.places = places
    space = env.observation_space
    self.observation_space = gymnasium.spaces.Box(space.low[places], space.high[places], dtype=np.float32)

  def observation(self, observation):
    return observation[self.places]


ENVIRONMENTS = {
  "cartpole-no-velocity": dict(
    name="CartPole-v1", places=[0, 2], rows=8,
    settings=dict(n_steps=128, n_epochs=10, gamma=0.99, gae_lambda=0.95, batch_size=256, learning_rate=1e-3)),
  "pendulum-no-velocity": dict(
    name="Pendulum-v1", places=[0, 1], rows=4,
    settings=dict(n_steps=256, n_epochs=10, gamma=0.9, gae_lambda=0.95, batch_size=256, learning_rate=1e-3)),
}


def main() -> None:
  parser = argparse.ArgumentParser()
  parser.add_argument("--environment", choices=ENVIRONMENTS, default="cartpole-no-velocity")
  parser.add_argument("--steps", type=int, default=20_000)
  parser.add_argument("--hidden", type=int, default=64)
  parser.add_argument("--episodes", type=int, default=0, help="evaluate the result on so many episodes")
  parser.add_argument("--seed", type=int, default=1)
  arguments = parser.parse_args()
  torch.set_num_threads(1)
  choice = ENVIRONMENTS[arguments.environment]
  envs = make_vec_env(
    lambda: Kept(gymnasium.make(choice["name"]), choice["places"]), n_envs=choice["rows"], seed=arguments.seed)
  model = RecurrentPPO(
    "MlpLstmPolicy", envs, seed=arguments.seed, device="cpu", **choice["settings"],
    policy_kwargs=dict(lstm_hidden_size=arguments.hidden, net_arch=[], enable_critic_lstm=True))
  begin = time.perf_counter()
  model.learn(arguments.steps)
  seconds = time.perf_counter() - begin
  result = {
    "environment": arguments.environment, "steps": model.num_timesteps, "seconds": seconds,
    "stepsPerSecond": model.num_timesteps / seconds, "torch": torch.__version__.split("+")[0],
  }
  if arguments.episodes:
    mean, deviation = evaluate_policy(model, envs, n_eval_episodes=arguments.episodes)
    result |= {"meanReturn": float(mean), "deviation": float(deviation)}
  print(json.dumps(result))


if __name__ == "__main__":
  main()
