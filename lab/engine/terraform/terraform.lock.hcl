# The provider's release that the lab is made for. Each lab has a copy of this file; terraform init adds the hashes there.
provider "registry.terraform.io/kreuzwerker/docker" {
  version     = "4.6.0"
  constraints = "4.6.0"
}

provider "registry.opentofu.org/kreuzwerker/docker" {
  version     = "4.6.0"
  constraints = "4.6.0"
}
